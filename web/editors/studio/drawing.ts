/* Reading and changing what is drawn: every change goes through the library's commands, so that it can be undone. */

/* The library's own objects have no types worth the name. */
/* eslint-disable @typescript-eslint/no-explicit-any */
export type Drawn = any;
export type Meaning = any;

export interface Mapping { name: string; value: string }

export class Drawing {
  readonly canvas: any;
  readonly registry: any;
  readonly selection: any;
  readonly modeling: any;
  readonly factory: any;
  readonly elements: any;
  readonly commands: any;
  readonly overlays: any;
  private readonly autoPlace: any;

  constructor(readonly modeler: any) {
    this.canvas = modeler.get("canvas");
    this.registry = modeler.get("elementRegistry");
    this.selection = modeler.get("selection");
    this.modeling = modeler.get("modeling");
    this.factory = modeler.get("bpmnFactory");
    this.elements = modeler.get("elementFactory");
    this.commands = modeler.get("commandStack");
    this.overlays = modeler.get("overlays");
    this.autoPlace = modeler.get("autoPlace");
  }

  /** The definitions of the file: what all diagrams in it share. */
  get definitions(): Meaning {
    return this.modeler.getDefinitions();
  }

  get processes(): Meaning[] {
    return this.definitions.rootElements.filter((one: Meaning) => one.$type === "bpmn:Process");
  }

  /** The process an element is in; of a participant the one it draws; of the paper the first. */
  processOf(meaning: Meaning): Meaning {
    if (meaning.$type === "bpmn:Participant") return meaning.processRef;
    let one = meaning;
    while (one && one.$type !== "bpmn:Process") one = one.$parent;
    return one ?? this.processes[0];
  }

  /** Give an element new properties; empty ones are taken away. */
  set(element: Drawn, properties: Record<string, unknown>): void {
    this.modeling.updateProperties(element, emptied(properties));
  }

  /** The same for something that is not drawn itself: an event definition, a process behind its participant. */
  setInside(element: Drawn, meaning: Meaning, properties: Record<string, unknown>): void {
    this.modeling.updateModdleProperties(element, meaning, emptied(properties));
  }

  /** Children of our own in `extensionElements`. */
  own(meaning: Meaning, type: string): Meaning[] {
    return (meaning.extensionElements?.values ?? []).filter((one: Meaning) => one.$type === type);
  }

  setOwn(element: Drawn, meaning: Meaning, type: string, values: Record<string, string>[]): void {
    const others = (meaning.extensionElements?.values ?? []).filter((one: Meaning) => one.$type !== type);
    const fresh = values.map((value) => this.factory.create(type, value));
    const all = [...others, ...fresh];
    if (!all.length) {
      this.setInside(element, meaning, { extensionElements: undefined });
      return;
    }
    const holder = this.factory.create("bpmn:ExtensionElements", { values: all });
    holder.$parent = meaning;
    for (const one of all) one.$parent = holder;
    this.setInside(element, meaning, { extensionElements: holder });
  }

  mappings(meaning: Meaning, type: "jalon:Input" | "jalon:Output"): Mapping[] {
    return this.own(meaning, type).map((one) => ({ name: one.name ?? "", value: one.value ?? "" }));
  }

  /** Write a mapping: an empty value takes its line away; the order of the others stays. */
  map(element: Drawn, type: "jalon:Input" | "jalon:Output", name: string, value: string): void {
    const lines = this.mappings(element.businessObject, type);
    const at = lines.findIndex((line) => line.name === name);
    if (at >= 0 && value) lines[at] = { name, value };
    else if (at >= 0) lines.splice(at, 1);
    else if (value) lines.push({ name, value });
    this.setOwn(element, element.businessObject, type, lines.map((line) => ({ ...line })));
  }

  expression(body: string, parent: Meaning): Meaning | undefined {
    if (!body) return undefined;
    const made = this.factory.create("bpmn:FormalExpression", { body });
    made.$parent = parent;
    return made;
  }

  /** The timers on the edge of an activity. */
  timersOn(element: Drawn): Drawn[] {
    return (element.attachers ?? []).filter((one: Drawn) => one.businessObject.eventDefinitions?.[0]?.$type === "bpmn:TimerEventDefinition");
  }

  /** Tell whether an error of a code is caught on the edge of an activity. */
  catches(host: Drawn, code: string): boolean {
    return (host.attachers ?? []).some((one: Drawn) => {
      const definition = one.businessObject.eventDefinitions?.[0];
      return definition?.$type === "bpmn:ErrorEventDefinition" && (!definition.errorRef || definition.errorRef.errorCode === code);
    });
  }

  /** Put an event on the lower edge of an activity, beside those that are there. */
  private attach(host: Drawn, type: string, interrupting: boolean): Drawn {
    const shape = this.elements.createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType: type, cancelActivity: interrupting });
    const count = (host.attachers ?? []).length;
    return this.modeling.createShape(shape, { x: host.x + 18 + (count % 3) * 40, y: host.y + host.height }, host, { attach: true });
  }

  addError(host: Drawn, code: string): Drawn {
    const made = this.attach(host, "bpmn:ErrorEventDefinition", true);
    this.setInside(made, made.businessObject.eventDefinitions[0], { errorRef: this.nameOrAdd("bpmn:Error", "errorCode", code) });
    this.set(made, { name: code });
    return made;
  }

  addTimer(host: Drawn, interrupting: boolean, kind: "timeDate" | "timeCycle" | "timeDuration", body: string, name: string): Drawn {
    const made = this.attach(host, "bpmn:TimerEventDefinition", interrupting);
    const timer = made.businessObject.eventDefinitions[0];
    this.setInside(made, timer, { [kind]: this.expression(body, timer) });
    this.set(made, { name });
    return made;
  }

  /** Add an element after another and connect them. */
  append(after: Drawn, type: string, properties: Record<string, unknown> = {}): Drawn {
    const shape = this.elements.createShape({ type, ...("eventDefinitionType" in properties ? { eventDefinitionType: properties["eventDefinitionType"] } : {}) });
    const made = this.autoPlace.append(after, shape) ?? shape;
    const { eventDefinitionType: _, ...rest } = properties;
    if (Object.keys(rest).length) this.set(made, rest);
    return made;
  }

  connect(from: Drawn, to: Drawn): void {
    this.modeling.connect(from, to);
  }

  remove(element: Drawn): void {
    this.modeling.removeElements([element]);
  }

  /** Choose an element, and bring it into sight. */
  show(id: string): boolean {
    const element = this.registry.get(id);
    if (!element) return false;
    this.selection.select(element);
    this.canvas.scrollToElement(element, { top: 120, bottom: 120, left: 160, right: 160 });
    return true;
  }

  /** Messages, signals, errors or escalations of the file, by their type. */
  named(type: string): Meaning[] {
    return this.definitions.rootElements.filter((one: Meaning) => one.$type === type);
  }

  /** Find one by its name (or code), or add it to the file. */
  nameOrAdd(type: string, key: "name" | "errorCode" | "escalationCode", value: string): Meaning {
    const found = this.named(type).find((one) => one.get(key) === value);
    if (found) return found;
    const made = this.factory.create(type, key === "name" ? { name: value } : { name: value, [key]: value });
    made.$parent = this.definitions;
    this.definitions.get("rootElements").push(made);
    return made;
  }
}

function emptied(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, value === "" ? undefined : value]));
}

/** What an element is, without its prefix. */
export function kind(meaning: Meaning): string {
  return String(meaning.$type).replace("bpmn:", "");
}
