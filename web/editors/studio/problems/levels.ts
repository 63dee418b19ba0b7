/* The three weights of a finding: icon, word and colour, in that order. */
import type { Level } from "../server";
import { h, icon, say } from "../words";

/** What a finding weighs: the server's "error" and "draft" both stop publishing. */
export type Weight = "wrong" | "remark" | "hint";

export function weightOf(level: Level): Weight {
  return level === "hint" ? "hint" : level === "warning" ? "remark" : "wrong";
}

export const ORDER: Weight[] = ["wrong", "remark", "hint"];
const ICONS: Record<Weight, string> = { wrong: "alert", remark: "late", hint: "info" };
const CLASSES: Record<Weight, string> = { wrong: "is-risk", remark: "is-warn", hint: "is-idle" };

export function wordOf(weight: Weight): string {
  return { wrong: say("À corriger", "To mend"), remark: say("Remarque", "Remark"), hint: say("Conseil", "Hint") }[weight];
}

/** Icon and word; in the list the word is read out, at an element it is seen too. */
export function sign(weight: Weight, seen = false): HTMLElement {
  return h("span", { class: `${seen ? "state " : ""}${CLASSES[weight]}` }, icon(ICONS[weight]), h("span", { class: seen ? undefined : "visually-hidden" }, wordOf(weight)));
}
