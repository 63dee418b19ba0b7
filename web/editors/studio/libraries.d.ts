/* Libraries that ship no types. */
declare module "dmn-js/lib/Modeler";
declare module "bpmnlint" {
  export class Linter {
    constructor(options: { config: object; resolver: object });
    lint(root: unknown): Promise<unknown>;
  }
}
declare module "bpmnlint/rules/*" {
  const rule: unknown;
  export default rule;
}
