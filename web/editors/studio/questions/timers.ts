/* At what moment: by a rule of the register, after a length of time, at a moment, several times. */
import type { Meaning } from "../drawing";
import { kind } from "../drawing";
import { feel } from "../feel/field";
import { choose, flag } from "../fields";
import { say } from "../words";
import { nameIn, type Asked, type Question } from "./asked";
import { byRule, ruleCall } from "./rules";

const SHAPES = ["timeDate", "timeDuration", "timeCycle"] as const;
type Shape = typeof SHAPES[number];

/** How a timer is written, and its expression. */
export function timerOf(definition: Meaning): [Shape, string] {
  const found = SHAPES.find((one) => definition[one]);
  return [found ?? "timeDuration", found ? definition[found].body ?? "" : ""];
}

export function timer(asked: Asked, definition: Meaning): Question {
  const { drawing, element, words, meaning } = asked;
  const [shape, body] = timerOf(definition);
  const call = ruleCall(body);
  const write = (to: Shape, text: string) => drawing.setInside(element, definition, { timeDate: undefined, timeDuration: undefined, timeCycle: undefined, [to]: drawing.expression(text, definition) });
  const calls = [{ id: "deadline", name: say("Au dernier jour de la règle", "On the last day of the rule") }, { id: "reminders", name: say("À chaque rappel de la règle", "At each reminder of the rule") },
    { id: "escalations", name: say("À chaque escalade de la règle", "At each escalation of the rule") }];
  const shapes = [{ id: "timeDuration", name: say("Après une durée", "After a length of time") }, { id: "timeDate", name: say("À un moment", "At a moment") }, { id: "timeCycle", name: say("Plusieurs fois", "Several times") }];
  const how = call ? call.call : body ? shape : "deadline";
  const shapeOf = (one: string): Shape => one === "deadline" ? "timeDate" : "timeCycle";
  const inside = [choose(say("Quand ?", "When?"), [...calls, ...shapes], how, null, (value) => {
    if (calls.some((one) => one.id === value)) write(shapeOf(value), `${value}("${call?.rule ?? words.rules[0]?.id ?? ""}", ${call?.anchor ?? "today()"})`);
    else write(value as Shape, call ? "" : body || "P7D");
  }, { key: "timer-how" })];
  if (call || !body) inside.push(byRule(say("Règle", "Rule"), call?.call ?? "deadline", body, words, (text) => write(shapeOf(call?.call ?? "deadline"), text), say("À choisir", "To be chosen"), "timer"));
  else inside.push(feel(say("Durée, moment ou expression", "Length, moment or expression"), body, words, (text) => write(shape, text), { key: "timer-free", hint: say("P3M, PT4H, R3/P7D, ou du FEEL.", "P3M, PT4H, R3/P7D, or FEEL.") }));
  if (kind(meaning) === "BoundaryEvent") inside.push(flag(say("Interrompt la tâche", "Stops the task"), meaning.cancelActivity !== false, (value) => drawing.set(element, { cancelActivity: value }), { key: "interrupts" }));
  return { key: "timer", title: say("À quel moment ?", "At what moment?"), body: inside,
    answer: call ? `${nameIn(calls, call.call)}${say(" : ", ": ")}${nameIn(words.rules, call.rule)}` : body || say("Aucun moment encore", "No moment yet") };
}
