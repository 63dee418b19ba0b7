/* Which ways leave a gateway, and when each is taken. */
import type { Drawn } from "../drawing";
import { kind } from "../drawing";
import { feel } from "../feel/field";
import { flag, text } from "../fields";
import { h, say } from "../words";
import { nameOf, type Asked, type Question } from "./asked";

function conditionOf(asked: Asked, flow: Drawn): HTMLElement[] {
  const { drawing, words } = asked;
  const source = flow.source.businessObject;
  const body = flow.businessObject.conditionExpression?.body ?? "";
  const isDefault = source.default === flow.businessObject;
  const lines = [text(say("Réponse écrite sur la flèche", "Answer written on the arrow"), flow.businessObject.name ?? "", (value) => drawing.set(flow, { name: value }), { key: `answer-${flow.id}`, lang: "fr" }),
    text(say("La même en anglais", "The same in English"), words.english.of(flow.businessObject), (value) => words.english.write(drawing, flow, flow.businessObject, value), { key: `answer-en-${flow.id}`, lang: "en" })];
  if (!/^(Exclusive|Inclusive|Complex)Gateway$/.test(kind(source))) return lines;
  lines.push(flag(say("Sinon : prise quand aucune autre ne l’est", "Otherwise: taken when no other is"), isDefault, (value) => {
    drawing.set(flow.source, { default: value ? flow.businessObject : undefined });
    if (value) drawing.set(flow, { conditionExpression: undefined });
  }, { key: `default-${flow.id}` }));
  if (!isDefault) lines.push(feel(say("Si", "If"), body, words, (value) => drawing.set(flow, { conditionExpression: drawing.expression(value, flow.businessObject) }), { key: `if-${flow.id}` }));
  return lines;
}

export function ways(asked: Asked): Question {
  const { element, meaning, drawing, words } = asked;
  const flows = element.outgoing as Drawn[];
  const answer = (flow: Drawn) => (flow.businessObject.name ? nameOf(words, flow.businessObject) : "");
  const told = flows.map((flow) => `${answer(flow) ? `${answer(flow)} → ` : "→ "}${nameOf(words, flow.target.businessObject)}`);
  const activation = kind(meaning) === "ComplexGateway" ? [feel(say("S’ouvre si", "Opens if"), meaning.activationCondition?.body ?? "", words,
    (value) => drawing.set(element, { activationCondition: drawing.expression(value, meaning) }), { key: "activation", hint: say("activationCount dit combien de voies sont arrivées.", "activationCount says how many ways have come in.") })] : [];
  return { key: "ways", title: say("Quelles voies ?", "Which ways?"), answer: told.join(", ") || say("Aucune encore", "None yet"),
    body: [...activation, ...(flows.length ? flows.map((flow, at) => h("fieldset", { class: "studio-way" }, h("legend", {}, told[at] ?? ""), ...conditionOf(asked, flow)))
      : [h("p", { class: "hint" }, say("Reliez la passerelle à ce qui suit.", "Connect the gateway to what follows."))])] };
}

/** Of an arrow. */
export function way(asked: Asked): Question {
  const body = asked.element.businessObject.conditionExpression?.body;
  const isDefault = asked.element.source?.businessObject.default === asked.element.businessObject;
  return { key: "condition", title: say("Quand la prend-on ?", "When is it taken?"), answer: body ?? (isDefault ? say("Sinon", "Otherwise") : say("Toujours", "Always")), body: conditionOf(asked, asked.element) };
}
