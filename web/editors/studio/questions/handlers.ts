/* Which handler does an automatic step, and a field for each parameter it declares: typed, required or not, by value or by expression. */
import { feel } from "../feel/field";
import { choose, text } from "../fields";
import type { Choice, Handler, Parameter } from "../server";
import { h, say } from "../words";
import { adder, get, mappings, put, type Asked, type Question } from "./asked";

export function handler(asked: Asked): Question {
  const { meaning, words } = asked;
  const key = get(meaning, "handler");
  const found = words.handlers.find((one) => one.id === key);
  return { key: "handler", title: say("Quel automatisme ?", "Which handler?"), answer: found?.name ?? (key || say("Aucun encore", "None yet")),
    body: [
      choose(say("Automatisme", "Handler"), words.handlers.map((one) => ({ ...one, hint: undefined })), key, say("À choisir", "To be chosen"), put(asked, "handler"), { key: "handler", hint: found ? nature(found) : undefined }),
      ...(found ? found.inputs.map((one) => parameter(asked, one)) : []),
      ...(found ? results(asked, found) : []),
      text(say("Essais en tout, quand l’extérieur ne répond pas", "Tries in all, when the outside does not answer"), get(meaning, "retries"), put(asked, "retries"), { key: "retries",
        hint: found ? say(`Un nombre. Vide : ${found.tries}, comme l’automatisme le prévoit.`, `A number. Empty: ${found.tries}, as the handler foresees.`) : say("Un nombre.", "A number.") }),
    ] };
}

function nature(found: Handler): string {
  return found.outside ? say("Agit au-dehors : essayé de nouveau s’il échoue, puis un incident.", "Acts outside: tried again when it fails, then an incident.")
    : say("Agit au registre, dans le même pas.", "Acts on the register, in the same step.");
}

type Way = "variable" | "value" | "expression";

/** How a parameter is given now: by the variable of its name, by a fixed value, by an expression. */
function wayOf(one: Parameter, value: string): Way {
  if (!value) return "variable";
  return constant(one, value) === null ? "expression" : "value";
}

/** The fixed value a FEEL text stands for, null when it is more than that. */
function constant(one: Parameter, value: string): string | null {
  if (one.type === "string" || one.type === "any") return /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1]?.replace(/\\(.)/g, "$1") ?? null;
  if (one.type === "number") return /^-?\d+(\.\d+)?$/.test(value) ? value : null;
  if (one.type === "boolean") return /^(true|false)$/.test(value) ? value : null;
  if (one.type === "date") return /^(?:date\()?@?"(\d{4}-\d\d-\d\d)"\)?$/.exec(value)?.[1] ?? null;
  return null;
}

function written(one: Parameter, value: string): string {
  if (!value) return "";
  if (one.type === "number" || one.type === "boolean") return value;
  return one.type === "date" ? `date("${value}")` : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

function parameter(asked: Asked, one: Parameter): HTMLElement {
  const { drawing, element, meaning, words } = asked;
  const value = drawing.mappings(meaning, "jalon:Input").find((line) => line.name === one.name)?.value ?? "";
  const set = (text: string) => drawing.map(element, "jalon:Input", one.name, text);
  const offered = offersOf(asked, one);
  const hasValue = offered.length > 0 || ["string", "number", "boolean", "date"].includes(one.type);
  const ways: Choice[] = [{ id: "variable", name: say(`la variable ${one.name}`, `the variable ${one.name}`) }, ...(hasValue ? [{ id: "value", name: say("une valeur fixe", "a fixed value") }] : []),
    { id: "expression", name: say("une expression", "an expression") }];
  const place = h("div", {});
  let way = wayOf(one, value);
  const show = () => place.replaceChildren(...(way === "value" ? [fixed(one, offered, constant(one, value) ?? "", set)]
    : way === "expression" ? [feel(say("Expression", "Expression"), value, words, set, { key: `in-${one.name}` })] : []));
  show();
  return h("fieldset", { class: "studio-way" }, h("legend", {}, one.label || one.name, h("span", { class: "optional" }, ` ${one.typeName}${one.required ? "" : say(", facultatif", ", optional")}`)),
    choose(say("Donné par", "Given by"), ways, way, null, (chosen) => {
      way = chosen as Way;
      show();
      if (way === "variable") set("");
      else place.querySelector<HTMLElement>("input, select, .cm-content")?.focus();
    }, { key: `way-${one.name}` }), place);
}

function offersOf(asked: Asked, one: Parameter): readonly Choice[] {
  if (one.names === "letter") return asked.words.letters;
  if (one.names === "group") return asked.words.groups;
  return one.type === "boolean" ? [{ id: "true", name: say("oui", "yes") }, { id: "false", name: say("non", "no") }] : one.choices;
}

function fixed(one: Parameter, offered: readonly Choice[], value: string, set: (text: string) => void): HTMLElement {
  const key = `in-${one.name}`;
  if (offered.length) return choose(say("Valeur", "Value"), offered, value, say("À choisir", "To be chosen"), (chosen) => set(written(one, chosen)), { key });
  return text(say("Valeur", "Value"), value, (typed) => set(written(one, typed)), { key, type: one.type === "date" ? "date" : one.type === "number" ? "number" : undefined });
}

/** What it gives, what of it is kept, what it may report; and what the diagram maps beyond the declaration. */
function results(asked: Asked, found: Handler): HTMLElement[] {
  const declared = new Set(found.inputs.map((one) => one.name));
  const given = found.outputs.map((one) => `${one.name} (${one.label})`).join(", ");
  return [
    ...mappings(asked, "jalon:Input", (name) => name, declared),
    ...(found.outputs.length ? [h("p", { class: "hint" }, say(`Donne : ${given}.`, `Gives: ${given}.`))] : []),
    ...mappings(asked, "jalon:Output", (name) => say(`Retenu dans ${name}`, `Kept in ${name}`)),
    adder(asked, "jalon:Input", say("Ajouter une entrée", "Add an input")), adder(asked, "jalon:Output", say("Retenir dans une variable", "Keep in a variable")),
    ...(found.errors.length ? [caught(asked, found)] : []),
  ];
}

/** Errors the handler foresees: each can be given a way out on the edge. */
function caught(asked: Asked, found: Handler): HTMLElement {
  const { drawing, element } = asked;
  return h("div", { class: "field" }, h("p", { class: "hint" }, say(`Peut signaler : ${found.errors.join(", ")}.`, `May report: ${found.errors.join(", ")}.`)),
    ...found.errors.filter((code) => !drawing.catches(element, code)).map((code) => h("p", { class: "row" }, h("button", { class: "button", type: "button", "data-key": `catch-${code}`,
      onclick: () => drawing.selection.select(drawing.addError(element, code)) }, say(`Ajouter une issue pour ${code}`, `Add a way out for ${code}`)))));
}
