/*
 * The editor of forms in French. Its library has no catalogue of texts; it draws with Preact, whose documented hook sees every node before
 * it is drawn: texts of the palette and of the panel of properties are exchanged there, before there is any page. What people wrote in
 * their form is not touched: short texts count only inside the library's own frames.
 */
import { options as preact, type VNode } from "preact";
import { isFrench } from "../words";

/** Names of the components: in the palette, and on a new component until somebody names it. */
const COMPONENTS: Record<string, string> = {
  "Button": "Bouton", "Checkbox": "Case à cocher", "Checkbox group": "Cases à cocher", "Date time": "Jour et heure", "Date": "Jour", "Time": "Heure", "Group": "Groupe", "Number": "Nombre",
  "Radio group": "Choix unique", "Select": "Liste de choix", "Separator": "Filet", "Spacer": "Espace", "Dynamic list": "Liste de lignes", "Tag list": "Liste d’étiquettes",
  "Text view": "Texte affiché", "HTML view": "HTML affiché", "Text field": "Texte court", "Text area": "Texte long", "Expression": "Expression", "Table": "Tableau", "Image view": "Image",
  "iFrame": "Page incorporée", "File picker": "Fichiers", "Document preview": "Aperçu de document", "Text": "Texte", "Value": "Valeur",
};
const FRENCH: Record<string, string> = {
  ...COMPONENTS,
  "Components": "Composants", "Search components": "Chercher un composant", "Clear content": "Effacer", "No components found.": "Aucun composant ne correspond.",
  "Input": "Saisie", "Selection": "Choix", "Presentation": "Présentation", "Containers": "Cadres", "Action": "Action",
  "Build your form": "Construisez le formulaire", "Drag and drop components here to start designing.": "Glissez des composants ici, ou pressez-les dans la palette.",
  "Drag and drop components here.": "Glissez des composants ici.", "Use the preview window to test your form.": "L’aperçu montre le formulaire tel que les gens le verront.",
  "Repeatable": "Répétable", "Form": "Formulaire", "Content": "Contenu",
  "General": "Général", "Condition": "Condition", "Layout": "Disposition", "Appearance": "Apparence", "Serialization": "Écriture", "Constraints": "Contraintes", "Validation": "Contrôles",
  "Custom properties": "Propriétés propres à Jalon", "Options source": "D’où viennent les choix", "Static options": "Choix écrits ici", "Dynamic options": "Choix donnés par une variable",
  "Options expression": "Choix par une expression", "Security attributes": "Sécurité", "Form submission": "Envoi",
  "ID": "Identifiant", "Key": "Clé", "Path": "Chemin", "Label": "Libellé", "Field label": "Libellé", "Field description": "Aide sous le champ", "Default value": "Valeur au départ", "Group label": "Titre du groupe",
  "Date label": "Libellé du jour", "Time label": "Libellé de l’heure", "Subtype": "Jour, heure ou les deux", "Use 24h": "Sur 24 heures", "Time interval": "Pas, en minutes", "Time format": "Écriture de l’heure",
  "Disallow past dates": "Pas de jour passé", "Read only": "En lecture seule", "Disabled": "Désactivé", "Required": "Obligatoire", "Searchable": "Avec recherche", "Checked": "Cochée", "Not checked": "Non cochée",
  "Increment": "Pas", "Decimal digits": "Décimales", "Output as string": "Rendre un texte", "Minimum": "Minimum", "Maximum": "Maximum", "Minimum length": "Longueur minimale", "Maximum length": "Longueur maximale",
  "Validation pattern": "Forme attendue", "Custom regular expression": "Expression rationnelle", "Custom error message": "Ce qui est dit quand ce n’est pas juste", "Custom": "Autre", "Email": "Courriel", "Phone": "Téléphone",
  "Prefix": "Devant le champ", "Suffix": "Derrière le champ", "Columns": "Colonnes", "Vertical alignment": "Alignement en hauteur", "Auto": "Automatique", "Top": "Haut", "Center": "Milieu", "Bottom": "Bas",
  "Deactivate if": "Cachée si", "Hide if": "Cachée si", "Type": "Genre", "Static": "Écrits ici", "Input data": "Donnés par une variable", "Input values key": "La variable", "Default number of items": "Lignes au départ",
  "Allow add/delete items": "On peut en ajouter et en enlever", "Disable collapse": "Toujours dépliée", "Number of non-collapsing items": "Lignes toujours visibles", "Show outline": "Avec un cadre", "Height": "Hauteur",
  "Version tag": "Version", "Alternative text": "Texte de remplacement", "Image source": "Adresse de l’image", "Data source": "D’où viennent les lignes", "Target value": "Valeur", "Compute on": "Calculé à",
  "Value changes": "chaque changement", "UTC offset": "avec décalage UTC", "UTC normalized": "en UTC", "No timezone": "sans fuseau", "Date & Time": "Jour et heure", "<none>": "rien", "<empty>": "vide",
  "Allows arbitrary precision values": "Garde toutes les décimales", "Condition under which the field is hidden": "La condition qui cache le champ.", "Binds to a form variable": "Le nom de la réponse dans le dossier", "Text source": "Texte",
  "Where the child variables of this component are pathed to.": "Le nom sous lequel se rangent les réponses de ce cadre.", "Define an expression to populate the options from.": "Une expression qui donne les choix.",
  "Define which input property to populate the values from": "La variable qui donne les choix", "Descriptive text for screen reader accessibility.": "Dit par les lecteurs d’écran.",
  "Select a form field to edit its properties.": "Choisissez un champ pour voir ses propriétés.", "Multiple form fields are selected. Select a single form field to edit its properties.": "Plusieurs champs sont choisis. N’en choisissez qu’un pour voir ses propriétés.",
  "Make this field read-only when it cannot be edited by the end-user, but its content is important for them to see. Its data will still be submitted.": "On voit la valeur sans pouvoir la changer ; elle est envoyée avec les autres.",
  "Disable this field when it should not be interactive for end-users. Its data will not be submitted. This setting takes precedence over read-only.": "Le champ ne sert pas et sa valeur n’est pas envoyée. Passe avant « en lecture seule ».",
  "The error message to display when the input does not match the regular expression.": "Dit à qui a tapé autre chose.",
  "Add properties directly to the form schema, useful to configure functionality in custom-built task applications and form renderers.": "check, message_fr, message_en, rule, validator, help_fr, help_en : voir docs/diagrams.md, section 8.",
  "Must not be empty.": "Ne peut pas rester vide.", "Must not be empty": "Ne peut pas rester vide", "Must be unique.": "Existe déjà.", "Must not contain spaces.": "Sans espace.", "Must be a variable or a dot separated path.": "Une variable, ou des noms séparés par des points.",
  "Must not conflict with other key/path assignments.": "Un autre champ porte cette clé.", "Must not contain numerical path segments.": "Aucune partie ne peut être un nombre.", "Should be an integer.": "Un nombre entier.", "Should be a valid number.": "Un nombre.",
  "Should be greater than zero.": "Plus grand que zéro.", "Should be greater than or equal to zero.": "Zéro ou plus.",
  "Toggle section": "Ouvrir ou fermer la partie", "Toggle list item": "Ouvrir ou fermer", "Delete item": "Supprimer", "Create new list item": "Ajouter", "Section contains data": "Cette partie est remplie", "Section contains edits": "Cette partie est remplie",
  "Section contains an error": "Cette partie a une faute", "Create": "Ajouter", "Open documentation": "Ouvrir la documentation", "Click to remove FEEL": "Écrire une valeur", "Click to set a dynamic value with a FEEL expression": "Écrire une expression FEEL",
  "This is an expression": "C’est une expression", "Opened in popup": "Ouvert à part", "Open pop-up editor": "Ouvrir en grand", "Remove": "Supprimer", "Drag to resize": "Tirer pour changer la largeur", "Learn more": "En savoir plus",
};
/** Frames that are the library's own: what stands there is never a text of the form. */
const OWN = /(^|\s)(fjs-(palette|empty|context-pad|properties|row-dragger|repeat)|bio-properties-panel)/;
const LONG = 16;
/** Frames whose texts must all be in French: a test fails on one that is not. */
const WATCHED = /(^|\s)(fjs-palette-(header|group-title|field-text|no-entries)|bio-properties-panel-(label|header-type|description|toggle-switch__label))(\s|$)/;
/** Texts that name a thing by itself, and those of owners (names of their own properties). */
const AS_IT_IS = /^[\d\s:]*$|^(FEEL|URL|HTML|Jalon|AM|PM|Minimum|Maximum)$/;

const KNOWN = new Set(Object.values(FRENCH));

/** Texts the library drew and the catalogue has not: none, or a test fails. */
export const misses = new Set<string>();

function told(text: string, isOwn: boolean): string {
  const found = FRENCH[text];
  return found !== undefined && (isOwn || text.length >= LONG) ? found : text;
}

function translate(node: VNode<any>): void {
  const props = node.props as Record<string, unknown>;
  // labels of entries and titles of groups are wrapped in a node of the library that may show a tooltip
  if (typeof node.type === "function" && "forId" in props) wrapped(props);
  if (typeof node.type !== "string") return;
  const frame = String(props["class"] ?? props["className"] ?? "");
  const isOwn = OWN.test(frame) || node.type === "option" || (node.type === "button" && "title" in props);
  for (const name of ["title", "placeholder", "aria-label"]) if (typeof props[name] === "string") props[name] = named(told(props[name] as string, isOwn));
  const children = props["children"];
  if (typeof children === "string") {
    props["children"] = told(children, isOwn);
    if (WATCHED.test(frame) && unknown(children)) misses.add(children);
  } else if (Array.isArray(children)) props["children"] = children.map((one) => (typeof one === "string" ? told(one, isOwn) : one));
}

function wrapped(props: Record<string, unknown>): void {
  for (const part of ["children", "value"]) {
    const text = props[part];
    if (typeof text !== "string") continue;
    props[part] = told(text, true);
    if (part === "children" && unknown(text)) misses.add(text);
  }
}

function unknown(text: string): boolean {
  return !(text in FRENCH) && !AS_IT_IS.test(text) && !KNOWN.has(text);
}

/** "Create a Text field element" is made of pieces. */
function named(text: string): string {
  return text.replace(/^Create an? (.+) element$/, (_, name: string) => `Ajouter : ${FRENCH[name] ?? name}`);
}

/** Let the library speak French to readers of French. Before it draws anything. */
export function speakFrench(): void {
  if (!isFrench) return;
  const before = preact.vnode;
  preact.vnode = (node) => {
    translate(node);
    before?.(node);
  };
}

/** Components as the palette names them and as a new one is called; forms are written in French first, so new ones are too. */
export const frenchComponents = {
  __init__: ["jalonComponents"],
  jalonComponents: ["type", class {
    static $inject = ["formFields"];

    constructor(formFields: { _formFields: Record<string, { config?: Config }> }) {
      for (const { config } of Object.values(formFields._formFields)) if (config && !config.jalon) rename(config);
    }
  }],
};

interface Config { name?: string; label?: string; jalon?: boolean; create?: (options?: object) => Record<string, unknown> }

function rename(config: Config): void {
  config.jalon = true;
  if (isFrench) for (const part of ["name", "label"] as const) config[part] = config[part] && (COMPONENTS[config[part]] ?? config[part]);
  const create = config.create;
  if (create) config.create = (options) => inFrench(create(options));
}

/** A new component with its texts in French; what was given stays. */
function inFrench(made: Record<string, unknown>): Record<string, unknown> {
  for (const part of ["label", "dateLabel", "timeLabel"]) if (typeof made[part] === "string") made[part] = COMPONENTS[made[part] as string] ?? made[part];
  if (made["text"] === "# Text") made["text"] = "# Titre";
  if (Array.isArray(made["values"])) made["values"] = (made["values"] as { label: string; value: string }[]).map((one) => ({ ...one, label: COMPONENTS[one.label] ?? one.label }));
  return made;
}
