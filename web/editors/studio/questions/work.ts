/* What a step works out or calls: a table, a calculation, another process, things done in any order. */
import { feel } from "../feel/field";
import { choose, flag, text } from "../fields";
import { h, icon, say } from "../words";
import { adder, get, mappings, nameIn, put, type Asked, type Question } from "./asked";

export function decision(asked: Asked): Question {
  const key = get(asked.meaning, "decision");
  return { key: "decide", title: say("Quelle table décide ?", "Which table decides?"), answer: nameIn(asked.words.decisions, key) || say("Aucune encore", "None yet"),
    body: [
      choose(say("Décision", "Decision"), asked.words.decisions, key, say("À choisir", "To be chosen"), put(asked, "decision"), { key: "decision" }),
      text(say("Le résultat va dans", "The result goes into"), get(asked.meaning, "result"), put(asked, "result"), { key: "result" }),
      ...both(asked, say("Y voit", "Sees"), say("Rend", "Gives")),
    ] };
}

export function script(asked: Asked): Question {
  const { meaning, drawing, element, words } = asked;
  return { key: "script", title: say("Quel calcul ?", "Which calculation?"), answer: (meaning.script ?? "").slice(0, 60) || say("Aucun encore", "None yet"),
    body: [
      feel(say("Calcul (FEEL)", "Calculation (FEEL)"), meaning.script ?? "", words, (value) => drawing.set(element, { script: value }), { key: "script" }),
      text(say("Le résultat va dans", "The result goes into"), get(meaning, "result"), put(asked, "result"), { key: "result",
        hint: say("Vide : un ensemble de valeurs, chacune sous son nom.", "Empty: a set of values, each under its name.") }),
    ] };
}

/** A call activity: which process, what it sees of this one, what it gives back. */
export function called(asked: Asked): Question {
  const { meaning, drawing, element, words } = asked;
  const key = meaning.calledElement ?? "";
  return { key: "called", title: say("Quel processus appelle-t-on ?", "Which process is called?"), answer: nameIn(words.processes, key) || say("Aucun encore", "None yet"),
    body: [
      choose(say("Processus", "Process"), words.processes, key, say("À choisir", "To be chosen"), (value) => drawing.set(element, { calledElement: value }), { key: "called" }),
      h("p", { class: "hint" }, icon("info"), " ", say("Sans entrée, il lit tout ce qu’on voit ici ; avec des entrées, elles et rien d’autre. De même pour ce qu’il rend.", "Without an input it reads all that is seen here; with inputs, those and nothing else. The same goes for what it gives back.")),
      ...both(asked, say("Y voit", "Sees"), say("Rend", "Gives")),
    ] };
}

function both(asked: Asked, sees: string, gives: string): HTMLElement[] {
  return [...mappings(asked, "jalon:Input", (name) => `${sees} ${name}`), adder(asked, "jalon:Input", say("Ajouter une entrée", "Add an input")),
    ...mappings(asked, "jalon:Output", (name) => `${gives} ${name}`), adder(asked, "jalon:Output", say("Ajouter une sortie", "Add an output"))];
}

/** An ad-hoc sub-process: when it has been done enough, and whether one at a time. */
export function enough(asked: Asked): Question {
  const { meaning, drawing, element, words } = asked;
  const body = meaning.completionCondition?.body ?? "";
  return { key: "enough", title: say("Quand est-ce assez ?", "When is it enough?"), answer: body || say("Quand tout est fait une fois", "When everything was done once"),
    body: [
      feel(say("C’est assez si", "It is enough if"), body, words, (value) => drawing.set(element, { completionCondition: drawing.expression(value, meaning) }), { key: "enough" }),
      flag(say("Une activité à la fois, comme dessiné", "One activity at a time, as drawn"), meaning.ordering === "Sequential", (value) => drawing.set(element, { ordering: value ? "Sequential" : "Parallel" }), { key: "ordering" }),
    ] };
}
