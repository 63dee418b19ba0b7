/* For when. */
import { feel } from "../feel/field";
import { say } from "../words";
import { get, nameIn, put, type Asked, type Question } from "./asked";
import { byRule, ruleCall } from "./rules";

export function when(asked: Asked): Question {
  const { meaning, words } = asked;
  const due = get(meaning, "due");
  const call = ruleCall(due);
  return { key: "when", title: say("Pour quand ?", "For when?"), answer: call ? nameIn(words.rules, call.rule) : due || say("Sans échéance", "No due date"),
    body: [
      byRule(say("Règle", "Rule"), "day", due, words, put(asked, "due"), say("Sans échéance", "No due date"), "due"),
      feel(say("À revoir à partir de", "Look again from"), get(meaning, "followUp"), words, put(asked, "followUp"), { key: "followUp",
        hint: say("Jusque-là, la tâche attend hors de la liste.", "Until then the task waits outside the list.") }),
      feel(say("Priorité, de 0 à 100", "Priority, from 0 to 100"), get(meaning, "priority"), words, put(asked, "priority"), { key: "priority" }),
    ] };
}
