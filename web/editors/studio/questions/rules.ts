/* A day by a rule of the register: the rule, what it is counted from, its source and its sum. */
import { feel } from "../feel/field";
import { choose } from "../fields";
import type { Rule } from "../server";
import { h, icon, say } from "../words";
import type { Words } from "./asked";

const CALL = /^(deadline|reminders|escalations|day)\(\s*"([^"]+)"\s*,\s*([\s\S]+)\)$/;

export interface RuleCall { call: string; rule: string; anchor: string }

/** What an expression says of a rule: `deadline("nc.major.correction", notified_on)`. */
export function ruleCall(expression: string): RuleCall | null {
  const found = CALL.exec(expression.trim().replace(/^=\s*/, ""));
  return found ? { call: found[1] ?? "", rule: found[2] ?? "", anchor: (found[3] ?? "").trim() } : null;
}

/** What choosing a rule means: its legal source, whether it still has to be validated, its sum from today. */
export function ruleFacts(rule: Rule, offsets: readonly string[] = []): HTMLElement {
  return h("div", { class: "studio-rule" },
    h("p", { class: "second" }, `${rule.source} (${rule.basis}).`, rule.toValidate && " ", rule.toValidate && h("span", { class: "state is-warn" }, icon("clock"), say("à valider", "to validate"))),
    rule.hint && h("p", { class: "hint" }, rule.hint),
    offsets.length > 0 && h("p", { class: "hint" }, offsets.join(", ")),
    h("details", { class: "why" }, h("summary", {}, icon("right"), " ", say("La somme, à partir d’aujourd’hui", "The sum, from today")),
      h("div", { class: "why-body" }, h("ol", { class: "sum" }, ...rule.sum.lines.map(([sign, figure, note], at) => h("li", { class: at === rule.sum.lines.length - 1 ? "result" : undefined },
        h("span", { class: "op" }, sign), h("b", {}, figure), h("span", {}, note)))),
      [...rule.sum.remarks, rule.sum.consequence].some(Boolean) && h("p", { class: "why-note" }, [...rule.sum.remarks, rule.sum.consequence].filter(Boolean).join(" ")))));
}

/** A day by a rule and what it is counted from; an expression of another kind is shown as it is. */
export function byRule(label: string, call: string, expression: string, words: Words, set: (value: string) => void, none: string, key: string): HTMLElement {
  const now = ruleCall(expression);
  const free = Boolean(expression) && !now;
  const place = h("div", { class: "studio-by-rule" });
  const other = { id: "=", name: say("Autre chose qu’une règle…", "Something other than a rule…") };
  const write = (rule: string, anchor: string) => set(rule && anchor ? `${now?.call ?? call}("${rule}", ${anchor})` : "");
  let rule = free ? "=" : now?.rule ?? "";
  const anchor = feel(say("Compté depuis", "Counted from"), now?.anchor ?? "", words, (value) => write(rule, value),
    { key: `${key}-anchor`, hint: say("Un jour du dossier, par exemple notified_on.", "A day of the case, such as notified_on.") });
  const expressionField = feel(say("Expression", "Expression"), expression, words, set, { key: `${key}-free` });
  const show = () => {
    const chosen = words.rules.find((one) => one.id === rule);
    place.replaceChildren(...(rule === "=" ? [expressionField] : rule ? [anchor, ...(chosen ? [ruleFacts(chosen, offsetsOf(chosen, now?.call ?? call))] : [])] : []));
  };
  const select = choose(label, [...words.rules, other].map(({ id, name }) => ({ id, name })), rule, none, (value) => {
    rule = value;
    show();
    if (!value) set("");
    else if (value !== "=" && now) write(value, now.anchor);
    else place.querySelector<HTMLElement>(".cm-content")?.focus();
  }, { key: `${key}-rule`, hint: rule ? undefined : say("Une règle du registre, avec sa source.", "A rule of the register, with its source.") });
  show();
  return h("div", { class: "studio-way" }, select, place);
}

function offsetsOf(rule: Rule, call: string): string[] {
  return call === "reminders" ? rule.reminders : call === "escalations" ? rule.escalations : [];
}
