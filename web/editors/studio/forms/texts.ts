/*
 * The English texts of a form, beside its French ones. They stand in a file of their own, by the key of each component; here they hang on
 * the component itself, so that a key that is changed takes its texts along.
 */
/* eslint-disable @typescript-eslint/no-explicit-any */
export type Component = any;
export type Schema = { components?: Component[] };
/** What the file says of one component; `values`: of its choices, by value. */
export interface Entry { [part: string]: unknown; values?: Record<string, string> }
/** One text of a component to be told in English. `part`: where it stands; of a choice `values.<value>`. */
export interface Line { part: string; french: string; english: string }
export interface Told { id: string; key: string; title: string; type: string; lines: Line[] }

export class FormTexts {
  private readonly of = new Map<string, Entry>();
  /** Entries of the file that belong to no component of this form: they stay as they are. */
  private others: Record<string, Entry> = {};
  private readonly before: string;

  constructor(private readonly form: string, private readonly given: Record<string, Entry>, schema: Schema) {
    this.take(given, schema);
    this.before = JSON.stringify(this.texts(schema));
  }

  /** Every component with something to say, in the order of the form. */
  told(schema: Schema): Told[] {
    return walk(schema).map(({ component, key }) => {
      const entry = this.of.get(component.id) ?? {};
      const lines = frenchOf(component).map(([part, french]) => ({ part, french, english: read(entry, part) }));
      return { id: component.id, key, title: titleOf(component) || key, type: component.type, lines };
    }).filter((one) => one.lines.length);
  }

  write(id: string, part: string, english: string): void {
    const entry: Entry = { ...this.of.get(id) };
    const [first, ...rest] = part.split(".");
    if (first === "values") {
      const values = { ...entry.values, [rest.join(".")]: english };
      entry.values = Object.fromEntries(Object.entries(values).filter(([, text]) => text));
      if (!Object.keys(entry.values).length) delete entry.values;
    } else if (english) entry[part] = english;
    else delete entry[part];
    this.of.set(id, entry);
  }

  /** What is to be saved with the form; nothing when it is what the file says. */
  held(schema: Schema): { forms: Record<string, Record<string, Entry>> } | undefined {
    const texts = this.texts(schema);
    return JSON.stringify(texts) === this.before ? undefined : { forms: { [this.form]: texts } };
  }

  /** Take over the texts of a copy kept in this browser. */
  restore(held: unknown, schema: Schema): void {
    this.of.clear();
    this.take((held as { forms?: Record<string, Record<string, Entry>> } | undefined)?.forms?.[this.form] ?? this.given, schema);
  }

  private take(texts: Record<string, Entry>, schema: Schema): void {
    this.others = { ...texts };
    for (const { component, key } of walk(schema)) {
      const name = key in texts ? key : component.id;
      if (texts[name]) this.of.set(component.id, texts[name]);
      delete this.others[name];
    }
  }

  private texts(schema: Schema): Record<string, Entry> {
    const texts: Record<string, Entry> = {};
    for (const { component, key } of walk(schema)) {
      const entry = this.of.get(component.id);
      if (entry && Object.keys(entry).length) texts[key] = entry;
    }
    return { ...texts, ...this.others };
  }
}

/** Every component with the key its texts stand under: its full key, of what has none its id. Rule: engine/forms/reader.py. */
function walk(schema: Schema): { component: Component; key: string }[] {
  const found: { component: Component; key: string }[] = [];
  const visit = (components: Component[], above: string[], prefix: string[]) => {
    for (const one of components) {
      const own = ["group", "dynamiclist"].includes(one.type) ? one.path : ["text", "html", "spacer", "separator"].includes(one.type) ? "" : one.key;
      const path = [...prefix, ...(own ? String(own).split(".") : [])];
      const full = [...above, ...path].join(".");
      found.push({ component: one, key: own ? full : one.id });
      if (one.type === "dynamiclist") visit(one.components ?? [], [...above, ...path], []);
      else visit(one.components ?? [], above, one.type === "group" ? path : []);
    }
  };
  visit(schema.components ?? [], [], []);
  return found;
}

function titleOf(component: Component): string {
  return String(component.label ?? component.dateLabel ?? component.timeLabel ?? component.text ?? component.content ?? "").split("\n")[0]?.slice(0, 80) ?? "";
}

function frenchOf(component: Component): [string, string][] {
  const own = component.properties ?? {};
  const look = component.appearance ?? {};
  const parts: [string, unknown][] = [["label", component.label ?? component.dateLabel ?? component.timeLabel], ["description", own.help_en ? "" : own.help_fr || component.description],
    ["text", component.type === "text" ? component.text : component.type === "html" ? component.content : ""], ["message", own.message_en ? "" : own.message_fr], ["rule", own.rule_en ? "" : own.rule],
    ["prefix", look.prefixAdorner], ["suffix", look.suffixAdorner],
    ...(component.values ?? []).map((one: any) => [`values.${one.value}`, one.label ?? one.value] as [string, unknown])];
  return parts.filter(([, french]) => french).map(([part, french]) => [part, String(french)]);
}

function read(entry: Entry, part: string): string {
  const [first, ...rest] = part.split(".");
  const found = first === "values" ? entry.values?.[rest.join(".")] : entry[part] ?? (part === "text" ? entry["content"] : undefined);
  return found === undefined ? "" : String(found);
}
