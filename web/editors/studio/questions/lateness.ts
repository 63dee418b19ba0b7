/* And if it is late: the timers on the edge of an activity, and three ways to add one with what it sets off. */
import type { Drawn } from "../drawing";
import { feel } from "../feel/field";
import { choose, text } from "../fields";
import { h, say } from "../words";
import { get, listed, nameIn, nameOf, type Asked, type Question } from "./asked";
import { ruleCall, ruleFacts } from "./rules";
import { timerOf } from "./timers";

/** What is added: the word, whether it stops the activity, the function of a rule that gives its moments, the name of the timer. */
interface Kind { id: string; name: string; stops: boolean; call: string; event: string }
/** What is being made up, before it is drawn. */
interface Plan { kind: string; rule: string; anchor: string; length: string; then: string; letter: string; group: string }
const LENGTH = "=";

function kinds(): Kind[] {
  return [
    { id: "reminder", name: say("Un rappel, à côté", "A reminder, beside it"), stops: false, call: "reminders", event: say("Relance due", "Reminder due") },
    { id: "escalation", name: say("Une escalade, à côté", "An escalation, beside it"), stops: false, call: "escalations", event: say("Escalade due", "Escalation due") },
    { id: "limit", name: say("Une issue au dernier jour, qui interrompt", "A way out on the last day, which stops it"), stops: true, call: "deadline", event: say("Délai dépassé", "Time limit over") },
  ];
}

export function late(asked: Asked): Question {
  const timers = asked.drawing.timersOn(asked.element);
  const told = timers.map((one) => ({ one, text: listed([nameOf(asked.words, one.businessObject)]) + (one.outgoing[0] ? ` → ${nameOf(asked.words, one.outgoing[0].target.businessObject)}` : ""), stops: one.businessObject.cancelActivity !== false }));
  return { key: "late", title: say("Et si c’est en retard ?", "And if it is late?"), answer: told.map((one) => one.text).join(", ") || say("Rien ne se passe", "Nothing happens"),
    body: [
      told.length ? h("ul", { class: "stack small" }, ...told.map(({ one, text: line, stops }) => h("li", {},
        h("button", { type: "button", class: "studio-link", "data-key": `late-${one.id}`, onclick: () => asked.drawing.show(one.id) }, line), h("small", { class: "hint" }, moments(asked, one, stops)))))
        : h("p", { class: "hint" }, say("Aucun minuteur sur cet élément.", "No timer on this element.")),
      adding(asked, timers),
    ] };
}

/** When a timer fires, and whether it stops the activity. */
function moments(asked: Asked, timer: Drawn, stops: boolean): string {
  const [, body] = timerOf(timer.businessObject.eventDefinitions[0]);
  const call = ruleCall(body);
  return listed([call ? nameIn(asked.words.rules, call.rule) : body, stops ? say("interrompt la tâche", "stops the task") : say("à côté, sans interrompre", "beside it, without stopping")]);
}

function adding(asked: Asked, timers: Drawn[]): HTMLElement {
  const { words, drawing } = asked;
  const usual = timers.map((one) => ruleCall(timerOf(one.businessObject.eventDefinitions[0])[1])).find(Boolean) ?? ruleCall(get(asked.meaning, "due"));
  const plan: Plan = { kind: "reminder", rule: usual?.rule ?? words.rules[0]?.id ?? LENGTH, anchor: usual?.anchor ?? "", length: "P7D", then: "letter", letter: "", group: "" };
  const fault = h("p", { class: "error", role: "status" });
  const place = h("div", {});
  const show = () => place.replaceChildren(...measure(asked, plan, show), ...follows(asked, plan, show));
  const add = () => {
    fault.textContent = missing(plan);
    if (fault.textContent) place.querySelector<HTMLElement>("[data-key=late-anchor], [data-key=late-length]")?.focus();
    else drawing.selection.select(draw(asked, plan));
  };
  show();
  return h("fieldset", { class: "studio-way" }, h("legend", {}, say("Ajouter", "Add")),
    choose(say("Quoi ?", "What?"), kinds(), plan.kind, null, (value) => {
      plan.kind = value;
      plan.then = value === "reminder" ? "letter" : value === "escalation" ? "colleagues" : "end";
      show();
    }, { key: "late-what" }), place, fault,
    h("p", { class: "row section-end" }, h("button", { class: "button", type: "button", "data-key": "late-add", onclick: add }, say("Ajouter au dessin", "Add to the drawing"))));
}

/** By a rule, counted from a day; or after a length of time. */
function measure(asked: Asked, plan: Plan, show: () => void): HTMLElement[] {
  const { words } = asked;
  const rule = words.rules.find((one) => one.id === plan.rule);
  const call = kinds().find((one) => one.id === plan.kind)?.call;
  const offsets = rule ? (call === "reminders" ? rule.reminders : call === "escalations" ? rule.escalations : []) : [];
  const choice = choose(say("Mesuré par", "Measured by"), [...words.rules.map(({ id, name }) => ({ id, name })), { id: LENGTH, name: say("Une durée…", "A length of time…") }], plan.rule, null,
    (value) => { plan.rule = value; show(); }, { key: "late-rule" });
  if (!rule) return [choice, text(say("Durée", "Length"), plan.length, (value) => { plan.length = value; }, { key: "late-length", hint: say("P7D : sept jours. P1M : un mois. R3/P7D : trois fois, tous les sept jours.", "P7D: seven days. P1M: a month. R3/P7D: three times, every seven days.") })];
  return [choice, feel(say("Compté depuis", "Counted from"), plan.anchor, words, (value) => { plan.anchor = value; }, { key: "late-anchor", hint: rule.hint }), ruleFacts(rule, offsets)];
}

/** What the timer sets off. */
function follows(asked: Asked, plan: Plan, show: () => void): HTMLElement[] {
  const { words } = asked;
  const choices = [{ id: "letter", name: say("Écrire au client", "Write to the client") }, { id: "colleagues", name: say("Écrire à des collègues", "Write to colleagues") },
    { id: "task", name: say("Une tâche pour un groupe", "A task for a group") }, { id: "end", name: say("Une fin", "An end") }];
  const body = [choose(say("Et alors ?", "And then?"), choices, plan.then, null, (value) => { plan.then = value; show(); }, { key: "late-then" })];
  if (plan.then === "letter" || plan.then === "colleagues") body.push(choose(say("Lettre", "Letter"), words.letters, plan.letter, say("À choisir", "To be chosen"), (value) => { plan.letter = value; }, { key: "late-letter" }));
  if (plan.then === "colleagues" || plan.then === "task") body.push(choose(say("Groupe", "Group"), words.groups, plan.group, say("À choisir", "To be chosen"), (value) => { plan.group = value; }, { key: "late-group" }));
  return body;
}

function missing(plan: Plan): string {
  if (plan.rule === LENGTH) return /^(R\d*\/)?P[0-9A-Z]+$/.test(plan.length) ? "" : say("Écrivez une durée, par exemple P7D.", "Write a length of time, such as P7D.");
  return plan.anchor ? "" : say("Dites depuis quel jour cela se compte.", "Say from which day it counts.");
}

/** Draw the timer and what it sets off. Returns: what to ask about next. */
function draw(asked: Asked, plan: Plan): Drawn {
  const { drawing, element } = asked;
  const kind = kinds().find((one) => one.id === plan.kind) ?? kinds()[0]!;
  const byLength = plan.rule === LENGTH;
  const body = byLength ? plan.length : `${kind.call}("${plan.rule}", ${plan.anchor})`;
  const shape = byLength ? (plan.length.startsWith("R") ? "timeCycle" : "timeDuration") : kind.stops ? "timeDate" : "timeCycle";
  const timer = drawing.addTimer(element, kind.stops, shape, body, kind.event);
  if (plan.then === "end") return drawing.append(timer, "bpmn:EndEvent", { name: kind.event });
  const step = plan.then === "task" ? drawing.append(timer, "bpmn:UserTask", { name: say("Traiter le retard", "Handle the delay"), "jalon:groups": plan.group }) : letter(asked, plan, timer);
  drawing.append(step, "bpmn:EndEvent", { name: plan.then === "task" ? say("Retard traité", "Delay handled") : say("Courrier envoyé", "Letter sent") });
  return step;
}

function letter(asked: Asked, plan: Plan, timer: Drawn): Drawn {
  const { drawing } = asked;
  const toClient = plan.then === "letter";
  const step = drawing.append(timer, "bpmn:ServiceTask", { name: toClient ? say("Relancer", "Remind") : say("Alerter", "Alert"), "jalon:handler": toClient ? "client.notify" : "staff.notify" });
  if (plan.letter) drawing.map(step, "jalon:Input", "letter", `"${plan.letter}"`);
  if (!toClient && plan.group) drawing.map(step, "jalon:Input", "group", `"${plan.group}"`);
  return step;
}
