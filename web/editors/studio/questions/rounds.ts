/* How often an activity is done: once, for each item of a list, a number of times, in a loop. */
import { kind } from "../drawing";
import { feel } from "../feel/field";
import { choose, flag, text } from "../fields";
import { say } from "../words";
import type { Asked, Question } from "./asked";

export function times(asked: Asked): Question {
  const { meaning, drawing, element } = asked;
  const loop = meaning.loopCharacteristics;
  const several = loop && kind(loop) === "MultiInstanceLoopCharacteristics";
  const how = several ? (loop.isSequential ? "sequential" : "parallel") : loop ? "loop" : "";
  const choices = [{ id: "parallel", name: say("Pour chaque élément d’une liste, tous à la fois", "For each item of a list, all at once") },
    { id: "sequential", name: say("Pour chaque élément d’une liste, l’un après l’autre", "For each item of a list, one after the other") },
    { id: "loop", name: say("En boucle, tant qu’une condition tient", "In a loop, as long as a condition holds") }];
  const change = (value: string) => {
    if (!value) drawing.set(element, { loopCharacteristics: undefined });
    else if (value === "loop") drawing.set(element, { loopCharacteristics: drawing.factory.create("bpmn:StandardLoopCharacteristics", {}) });
    else if (several) drawing.setInside(element, loop, { isSequential: value === "sequential" });
    else drawing.set(element, { loopCharacteristics: drawing.factory.create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: value === "sequential" }) });
  };
  return { key: "times", title: say("Combien de fois ?", "How often?"), answer: choices.find((one) => one.id === how)?.name ?? say("Une fois", "Once"),
    body: [choose(say("Combien de fois ?", "How often?"), choices, how, say("Une fois", "Once"), change, { key: "times" }), ...(several ? forEach(asked) : loop ? looped(asked) : [])] };
}

function forEach(asked: Asked): HTMLElement[] {
  const { meaning, drawing, element, words } = asked;
  const loop = meaning.loopCharacteristics;
  const write = (property: string) => (value: string) => drawing.setInside(element, loop, { [`jalon:${property}`]: value });
  const expression = (property: string) => (value: string) => drawing.setInside(element, loop, { [property]: drawing.expression(value, loop) });
  const own = (property: string) => String(loop.get(`jalon:${property}`) ?? "");
  return [
    feel(say("La liste", "The list"), own("collection"), words, write("collection"), { key: "collection" }),
    text(say("Chaque élément s’appelle", "Each item is called"), own("item"), write("item"), { key: "item" }),
    feel(say("Ou un nombre de fois", "Or a number of times"), loop.loopCardinality?.body ?? "", words, expression("loopCardinality"), { key: "cardinality" }),
    text(say("Les résultats vont dans", "The results go into"), own("collect"), write("collect"), { key: "collect" }),
    feel(say("Un résultat", "One result"), own("collectValue"), words, write("collectValue"), { key: "collectValue" }),
    feel(say("C’est assez si", "It is enough if"), loop.completionCondition?.body ?? "", words, expression("completionCondition"), { key: "completion" }),
  ];
}

function looped(asked: Asked): HTMLElement[] {
  const { meaning, drawing, element, words } = asked;
  const loop = meaning.loopCharacteristics;
  return [
    feel(say("Encore une fois si", "Once more if"), loop.loopCondition?.body ?? "", words, (value) => drawing.setInside(element, loop, { loopCondition: drawing.expression(value, loop) }), { key: "loopCondition" }),
    text(say("Au plus", "At most"), loop.loopMaximum === undefined ? "" : String(loop.loopMaximum), (value) => drawing.setInside(element, loop, { loopMaximum: /^\d+$/.test(value) ? Number(value) : undefined }), { key: "loopMaximum" }),
    flag(say("Demander avant le premier tour", "Ask before the first round"), Boolean(loop.testBefore), (value) => drawing.setInside(element, loop, { testBefore: value }), { key: "testBefore" }),
  ];
}
