/* The fields of the panel: each shows a value and hands a new one on when it is left. */
import type { Choice } from "./server";
import { fresh, h, say } from "./words";

export interface FieldOptions { hint?: string; key?: string; rows?: number; placeholder?: string; lang?: string }

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
  const input = h("input", { value, placeholder: options.placeholder, lang: options.lang, onchange: () => set(input.value.trim()) });
  return framed(label, input, options);
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

const FUNCTIONS = ["today()", "now()", "count(", "sum(", "string(", "date(", "duration(", "not(", "if ", "for ", "some ", "every "];
const MOST_OFFERED = 6;

/** A FEEL expression, with the variables that begin like the word being typed below it. */
export function feel(label: string, value: string, variables: readonly string[], set: (value: string) => void, options: FieldOptions = {}): HTMLElement {
  const offers = h("div", { class: "studio-offers", role: "group", "aria-label": say("Variables proposées", "Variables offered"), hidden: true });
  const area = h("textarea", { class: "mono", rows: options.rows ?? 1, spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: options.placeholder,
    onchange: () => set(area.value.trim().replace(/^=\s*/, "")), oninput: () => offer() });
  area.value = value;

  function word(): string {
    return /[\p{L}_][\p{L}\p{N}_.]*$/u.exec(area.value.slice(0, area.selectionStart ?? 0))?.[0] ?? "";
  }

  function offer(): void {
    const begun = word().toLowerCase();
    const found = begun ? [...variables, ...FUNCTIONS].filter((one) => one.toLowerCase().startsWith(begun) && one.toLowerCase() !== begun) : [];
    offers.replaceChildren(...found.slice(0, MOST_OFFERED).map((one) => h("button", { type: "button", class: "mono", onmousedown: (event: Event) => event.preventDefault(),
      onclick: () => take(one) }, one)));
    offers.hidden = !found.length;
  }

  function take(one: string): void {
    const at = area.selectionStart ?? area.value.length;
    area.setRangeText(one, at - word().length, at, "end");
    offers.hidden = true;
    area.focus();
  }

  // leaving the field for one of its offers is not leaving it
  area.addEventListener("blur", () => window.setTimeout(() => { offers.hidden = offers.hidden || !offers.contains(document.activeElement); }, 150));
  offers.addEventListener("focusout", (event) => {
    const to = (event as FocusEvent).relatedTarget as Node | null;
    if (!offers.contains(to) && to !== area) {
      offers.hidden = true;
      set(area.value.trim().replace(/^=\s*/, ""));
    }
  });
  return framed(label, area, options, offers);
}

const CALL = /^(deadline|reminders|escalations|day)\(\s*"([^"]+)"\s*,\s*([\s\S]+)\)$/;

export interface RuleCall { call: string; rule: string; anchor: string }

/** What an expression says of a rule of the register: `deadline("nc.major.correction", notified_on)`. */
export function ruleCall(expression: string): RuleCall | null {
  const found = CALL.exec(expression.trim().replace(/^=\s*/, ""));
  return found ? { call: found[1] ?? "", rule: found[2] ?? "", anchor: (found[3] ?? "").trim() } : null;
}

/** A day by a rule and what it is counted from; an expression of another kind is shown as it is. */
export function byRule(label: string, call: string, expression: string, rules: readonly Choice[], variables: readonly string[], set: (value: string) => void,
                       none: string, key: string): HTMLElement {
  const now = ruleCall(expression);
  const free = Boolean(expression) && !now;
  const place = h("div", {});
  const other = { id: "=", name: say("Autre chose qu’une règle…", "Something other than a rule…") };
  const write = (rule: string, anchor: string) => set(rule && anchor ? `${now?.call ?? call}("${rule}", ${anchor})` : "");
  const chosen = rules.find((one) => one.id === now?.rule);
  let rule = free ? "=" : now?.rule ?? "";
  const anchor = feel(say("Compté depuis", "Counted from"), now?.anchor ?? "", variables, (value) => write(rule, value),
    { key: `${key}-anchor`, hint: say("Un jour du dossier, par exemple notified_on.", "A day of the case, such as notified_on.") });
  const expressionField = feel(say("Expression", "Expression"), expression, variables, set, { key: `${key}-free` });
  const show = () => place.replaceChildren(...(rule === "=" ? [expressionField] : rule ? [anchor] : []));
  const select = choose(label, [...rules, other], rule, none, (value) => {
    rule = value;
    show();
    if (!value) set("");
    else if (value !== "=" && now) write(value, now.anchor);
    else place.querySelector<HTMLElement>("textarea")?.focus();
  }, { key: `${key}-rule`, hint: chosen?.hint ?? (free ? undefined : say("Une règle du registre, avec sa source.", "A rule of the register, with its source.")) });
  show();
  return h("div", {}, select, place);
}
