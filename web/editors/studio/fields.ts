/* The plain fields of the panel: each shows a value and hands a new one on when it is left. Expressions stand in feel/field.ts. */
import type { Choice } from "./server";
import { fresh, h, say } from "./words";

export interface FieldOptions { hint?: string; key?: string; rows?: number; placeholder?: string; lang?: string; type?: string }

function framed(label: string, control: HTMLElement, options: FieldOptions, ...more: (Node | null)[]): HTMLElement {
  const id = fresh("field");
  control.id = id;
  if (options.key) control.dataset["key"] = options.key;
  const hint = options.hint ? h("p", { class: "hint", id: `${id}-hint` }, options.hint) : null;
  if (hint) control.setAttribute("aria-describedby", hint.id);
  return h("div", { class: "field" }, h("label", { for: id }, label), control, hint, ...more);
}

/** One line of text. */
export function text(label: string, value: string, set: (value: string) => void, options: FieldOptions = {}): HTMLElement {
  const input = h("input", { type: options.type ?? "text", value, placeholder: options.placeholder, lang: options.lang, onchange: () => set(input.value.trim()) });
  return framed(label, input, options);
}

/** One line of text, with what is known offered. */
export function suggest(label: string, value: string, known: readonly string[], set: (value: string) => void, options: FieldOptions = {}): HTMLElement {
  const list = h("datalist", { id: fresh("known") }, ...known.map((one) => h("option", { value: one })));
  const input = h("input", { type: "text", value, list: list.id, onchange: () => set(input.value.trim()) });
  return framed(label, input, options, list);
}

/** Several lines of text. */
export function longText(label: string, value: string, set: (value: string) => void, options: FieldOptions = {}): HTMLElement {
  const area = h("textarea", { rows: options.rows ?? 3, lang: options.lang, onchange: () => set(area.value.trim()) });
  area.value = value;
  return framed(label, area, options);
}

/** A choice; an unknown value stays choosable, so that nothing is lost by looking at it. */
export function choose(label: string, choices: readonly Choice[], value: string, none: string | null, set: (value: string) => void,
                       options: FieldOptions = {}): HTMLElement {
  const select = h("select", { onchange: () => set(select.value) });
  if (none !== null) select.append(h("option", { value: "" }, none));
  for (const one of choices) select.append(h("option", { value: one.id }, one.name));
  if (value && !choices.some((one) => one.id === value)) select.append(h("option", { value }, `${value} (${say("inconnu", "unknown")})`));
  select.value = value;
  const chosen = choices.find((one) => one.id === value);
  return framed(label, select, { ...options, hint: options.hint ?? chosen?.hint });
}

/** Any number of choices. */
export function tick(label: string, choices: readonly Choice[], values: readonly string[], set: (values: string[]) => void,
                     options: FieldOptions = {}): HTMLElement {
  const known = new Set(choices.map((one) => one.id));
  const all = [...choices, ...values.filter((id) => !known.has(id)).map((id) => ({ id, name: `${id} (${say("inconnu", "unknown")})` }))];
  const boxes = all.map((one) => {
    const box = h("input", { type: "checkbox", value: one.id, checked: values.includes(one.id), "data-key": `${options.key ?? label}:${one.id}`,
      onchange: () => set(boxes.filter((each) => each.box.checked).map((each) => each.box.value)) });
    return { box, line: h("label", { class: "choice" }, box, h("span", {}, one.name)) };
  });
  return h("fieldset", { class: "field studio-ticks" }, h("legend", {}, label), options.hint ? h("p", { class: "hint" }, options.hint) : null,
    ...boxes.map((each) => each.line));
}

/** Yes or no. */
export function flag(label: string, value: boolean, set: (value: boolean) => void, options: FieldOptions = {}): HTMLElement {
  const box = h("input", { type: "checkbox", checked: value, "data-key": options.key ?? label, onchange: () => set(box.checked) });
  return h("div", { class: "field" }, h("label", { class: "choice" }, box, h("span", {}, label)), options.hint ? h("p", { class: "hint" }, options.hint) : null);
}
