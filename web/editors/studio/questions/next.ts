/* What comes next: add a step, connect, delete. With it a diagram can be changed without a mouse. */
import type { Drawn } from "../drawing";
import { kind } from "../drawing";
import { h, say } from "../words";
import { nameOf, type Asked, type Question } from "./asked";

const APPENDED: [string, string, string, Record<string, unknown>?][] = [
  ["bpmn:UserTask", "une tâche d’une personne", "a task of a person"], ["bpmn:ServiceTask", "une étape automatique", "an automatic step"],
  ["bpmn:BusinessRuleTask", "une décision par une table", "a decision by a table"], ["bpmn:ScriptTask", "un calcul", "a calculation"],
  ["bpmn:ExclusiveGateway", "une passerelle : une seule voie", "a gateway: one way only"], ["bpmn:ParallelGateway", "une passerelle : toutes les voies", "a gateway: all ways at once"],
  ["bpmn:InclusiveGateway", "une passerelle : une ou plusieurs voies", "a gateway: one or several ways"],
  ["bpmn:IntermediateCatchEvent", "un minuteur", "a timer", { eventDefinitionType: "bpmn:TimerEventDefinition" }],
  ["bpmn:IntermediateCatchEvent", "l’attente d’un message", "a wait for a message", { eventDefinitionType: "bpmn:MessageEventDefinition" }],
  ["bpmn:CallActivity", "un appel de processus", "a call of a process"], ["bpmn:EndEvent", "une fin", "an end"],
];
const NO_TARGET = /StartEvent|BoundaryEvent|Participant|Lane|TextAnnotation|Collaboration|:Process$|DataObject|DataStore|Group/;

export function next(asked: Asked): Question {
  const { element, drawing, meaning } = asked;
  const flows = element.outgoing as Drawn[];
  const ends = kind(meaning) === "EndEvent";
  return { key: "next", title: say("Et ensuite ?", "And then?"), answer: flows.map((flow) => nameOf(asked.words, flow.target.businessObject)).join(", ") || (ends ? say("C’est la fin", "This is the end") : say("Rien encore", "Nothing yet")),
    body: [
      ...(flows.length ? [h("ul", { class: "stack small" }, ...flows.map((flow) => arrow(asked, flow)))] : []), ...(ends ? [] : [appending(asked), connecting(asked)]),
      h("p", { class: "row section-end" }, h("button", { class: "button button-risk", type: "button", "data-key": "remove", onclick: () => drawing.remove(element) }, say("Supprimer cet élément", "Delete this element"))),
    ] };
}

function arrow(asked: Asked, flow: Drawn): HTMLElement {
  const { drawing } = asked;
  const target = nameOf(asked.words, flow.target.businessObject);
  return h("li", { class: "row" }, h("button", { class: "studio-link", type: "button", "data-key": `to-${flow.id}`, onclick: () => drawing.show(flow.target.id) }, `→ ${target}`),
    h("button", { class: "button button-quiet", type: "button", "data-key": `ask-${flow.id}`, onclick: () => drawing.show(flow.id) }, say("La flèche", "The arrow"), h("span", { class: "visually-hidden" }, say(` vers ${target}`, ` to ${target}`))),
    h("button", { class: "button button-quiet", type: "button", "data-key": `cut-${flow.id}`, onclick: () => drawing.remove(flow) }, say("L’enlever", "Take it away"), h("span", { class: "visually-hidden" }, say(` : flèche vers ${target}`, `: arrow to ${target}`))));
}

function appending(asked: Asked): HTMLElement {
  const { element, drawing } = asked;
  const what = h("select", { id: "next-what", "data-key": "next-what" }, ...APPENDED.map(([, fr, en], at) => h("option", { value: String(at) }, say(fr, en))));
  const append = () => {
    const [type, , , properties] = APPENDED[Number(what.value)] ?? APPENDED[0]!;
    drawing.show(drawing.append(element, type, properties ?? {}).id);
  };
  return h("div", { class: "field" }, h("label", { for: "next-what" }, say("Ajouter après", "Add after it")),
    h("div", { class: "row" }, what, h("button", { class: "button", type: "button", "data-key": "append", onclick: append }, say("Ajouter", "Add"))));
}

function connecting(asked: Asked): HTMLElement {
  const { element, drawing, meaning } = asked;
  const targets = drawing.registry.filter((one: Drawn) => "incoming" in one && !one.waypoints && !one.labelTarget && one !== element && one.parent
    && !NO_TARGET.test(one.type) && drawing.processOf(one.businessObject) === drawing.processOf(meaning));
  const to = h("select", { id: "next-to", "data-key": "next-to" }, ...targets.map((one: Drawn) => h("option", { value: one.id }, nameOf(asked.words, one.businessObject))));
  return h("div", { class: "field" }, h("label", { for: "next-to" }, say("Relier à", "Connect to")),
    h("div", { class: "row" }, to, h("button", { class: "button", type: "button", "data-key": "connect", onclick: () => drawing.connect(element, drawing.registry.get(to.value)) }, say("Relier", "Connect"))));
}
