/* Libraries that ship no types. */
declare module "dmn-js/lib/Modeler";
