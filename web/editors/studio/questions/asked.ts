/* What every question stands on: the element, its drawing, what a diagram may name; and the small words questions share. */
import type { Drawn, Drawing, Meaning } from "../drawing";
import { kind } from "../drawing";
import type { English } from "../english";
import { text } from "../fields";
import { feel } from "../feel/field";
import type { Choice, Vocabulary } from "../server";
import { say } from "../words";

/** What a diagram may name, and what the page can do for a question. */
export interface Words extends Vocabulary {
  expressionAddress: string;
  english: English;
  /** Address of the editor of a file of this draft. */
  addressOf: (path: string) => string;
  /** Put a new file into the draft at once. */
  create: (path: string, content: string) => Promise<void>;
}

export interface Asked { element: Drawn; meaning: Meaning; drawing: Drawing; words: Words }
/** A question: its title, its answer in a line, and its fields. */
export interface Question { key: string; title: string; answer: string; body: HTMLElement[] }

export const PERSON = new Set(["UserTask", "ManualTask"]);
export const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const get = (meaning: Meaning, property: string): string => String(meaning.get(`jalon:${property}`) ?? "");
export const put = (asked: Asked, property: string) => (value: string) => asked.drawing.set(asked.element, { [`jalon:${property}`]: value });
/** What an element is called in the reader’s language. */
export const nameOf = (words: Words, meaning: Meaning): string => words.english.name(meaning);
export const listed = (parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(", ");
export const nameIn = (choices: readonly Choice[], id: string): string => choices.find((one) => one.id === id)?.name ?? id;

/** The lane an element stands in. */
export function laneOf(asked: Asked): Meaning | undefined {
  return asked.drawing.registry.filter((one: Drawn) => one.type === "bpmn:Lane" && one.businessObject.flowNodeRef?.includes(asked.meaning))
    .map((one: Drawn) => one.businessObject).at(-1);
}

export type Side = "jalon:Input" | "jalon:Output";

/** A field for each mapping on one side of an element, but for those that are asked elsewhere. */
export function mappings(asked: Asked, side: Side, title: (name: string) => string, asElsewhere: ReadonlySet<string> = new Set()): HTMLElement[] {
  const { drawing, element, meaning, words } = asked;
  return drawing.mappings(meaning, side).filter((one) => !asElsewhere.has(one.name)).map((one) =>
    feel(title(one.name), one.value, words, (value) => drawing.map(element, side, one.name, value), { key: `${side}-${one.name}` }));
}

/** A field for the name of one more mapping. */
export function adder(asked: Asked, side: Side, label: string): HTMLElement {
  return text(label, "", (name) => { if (NAME.test(name)) asked.drawing.map(asked.element, side, name, side === "jalon:Input" ? "null" : name); },
    { key: `add-${side}`, placeholder: say("nom de variable", "name of a variable") });
}

export function isKind(asked: Asked, ...kinds: string[]): boolean {
  return kinds.includes(kind(asked.meaning));
}
