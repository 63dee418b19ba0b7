/* What an event waits for or tells: a moment, a message, a signal, an error, an escalation, a condition. */
import type { Meaning } from "../drawing";
import { kind } from "../drawing";
import { feel } from "../feel/field";
import { flag, suggest, text } from "../fields";
import { h, say } from "../words";
import { adder, get, mappings, put, type Asked, type Question } from "./asked";
import { timer } from "./timers";

type Key = "name" | "errorCode" | "escalationCode";

export function event(asked: Asked): Question {
  const definition = asked.meaning.eventDefinitions[0];
  const what = kind(definition).replace("EventDefinition", "");
  const found = what === "Timer" ? timer(asked, definition) : what === "Message" ? message(asked, definition) : what === "Conditional" ? condition(asked, definition)
    : what === "Link" ? link(asked, definition) : named(asked, definition, what);
  return { ...found, body: [...found.body, ...interrupting(asked, what)] };
}

function condition(asked: Asked, definition: Meaning): Question {
  const { drawing, element, words } = asked;
  const body = definition.condition?.body ?? "";
  return { key: "condition", title: say("Quelle condition attend-on ?", "Which condition is awaited?"), answer: body || say("Aucune encore", "None yet"),
    body: [feel(say("Condition", "Condition"), body, words, (value) => drawing.setInside(element, definition, { condition: drawing.expression(value, definition) }), { key: "condition" })] };
}

function link(asked: Asked, definition: Meaning): Question {
  return { key: "event", title: say("Vers quel lien ?", "Which link?"), answer: definition.name || say("Aucun nom encore", "No name yet"),
    body: [text(say("Nom du lien", "Name of the link"), definition.name ?? "", (value) => asked.drawing.setInside(asked.element, definition, { name: value }), { key: "event" })] };
}

/** Signals, errors and escalations are named once in a file and shared. */
function named(asked: Asked, definition: Meaning, what: string): Question {
  const { drawing, element, words, meaning } = asked;
  const kinds: Record<string, [string, Key, string, string]> = {
    Signal: ["bpmn:Signal", "name", "signalRef", say("Nom du signal", "Name of the signal")],
    Error: ["bpmn:Error", "errorCode", "errorRef", say("Code de l’erreur", "Code of the error")],
    Escalation: ["bpmn:Escalation", "escalationCode", "escalationRef", say("Code de l’escalade", "Code of the escalation")],
  };
  const found = kinds[what];
  if (!found) return { key: "event", title: say("Quel événement ?", "Which event?"), answer: other(what), body: [h("p", { class: "hint" }, say("Rien à préciser ici.", "Nothing more to say here."))] };
  const [type, key, reference, label] = found;
  const value = definition[reference]?.get(key) ?? definition[reference]?.name ?? "";
  const host = meaning.attachedToRef;
  const errors = what === "Error" && host ? words.handlers.find((one) => one.id === host.get("jalon:handler"))?.errors ?? [] : [];
  const known = [...new Set([...errors, ...drawing.named(type).map((one) => String(one.get(key) ?? one.name ?? "")).filter(Boolean)])];
  const catches = kind(meaning) === "BoundaryEvent" || kind(meaning) === "StartEvent";
  return { key: "event", title: say("Quel événement ?", "Which event?"), answer: value || (catches && what !== "Signal" ? say("N’importe lequel", "Any") : say("Aucun nom encore", "No name yet")),
    body: [suggest(label, value, known, (code) => drawing.setInside(element, definition, { [reference]: code ? drawing.nameOrAdd(type, key, code) : undefined }), { key: "event",
      hint: catches && what !== "Signal" ? say("Vide : n’importe quel code.", "Empty: any code.") : undefined })] };
}

function other(what: string): string {
  return ({ Compensate: say("Défait ce qui a été fait", "Undoes what was done"), Terminate: say("Tout s’arrête", "Everything stops"), Cancel: say("Annule la transaction", "Cancels the transaction") } as Record<string, string>)[what] ?? what;
}

/** Of an event on an edge or at the start of an event sub-process; timers ask it themselves. */
function interrupting(asked: Asked, what: string): HTMLElement[] {
  const { meaning, drawing, element } = asked;
  if (kind(meaning) === "BoundaryEvent" && !["Timer", "Error", "Compensate", "Cancel"].includes(what)) {
    return [flag(say("Interrompt la tâche", "Stops the task"), meaning.cancelActivity !== false, (value) => drawing.set(element, { cancelActivity: value }), { key: "interrupts" })];
  }
  if (kind(meaning) === "StartEvent" && meaning.$parent?.triggeredByEvent && what !== "Error") {
    return [flag(say("Interrompt ce qui l’entoure", "Stops what is around it"), meaning.isInterrupting !== false, (value) => drawing.set(element, { isInterrupting: value }), { key: "interrupts" })];
  }
  return [];
}

/** A message: its name, the case it belongs to, what it brings. `holder` carries it: an event definition, or a task itself. */
export function message(asked: Asked, holder: Meaning): Question {
  const { drawing, element, words, meaning } = asked;
  const label = holder.messageRef?.name ?? "";
  const throws = ["IntermediateThrowEvent", "EndEvent", "SendTask"].includes(kind(meaning));
  const known = [...new Set(drawing.named("bpmn:Message").map((one) => String(one.name ?? "")).filter(Boolean))];
  return { key: "event", title: say("Quel message ?", "Which message?"), answer: label || say("Aucun nom encore", "No name yet"),
    body: [
      suggest(say("Nom du message", "Name of the message"), label, known, (text) => drawing.setInside(element, holder, { messageRef: text ? drawing.nameOrAdd("bpmn:Message", "name", text) : undefined }), { key: "message" }),
      feel(say("Pour quel dossier ?", "For which case?"), String(holder.get("jalon:correlation") ?? holder.messageRef?.get("jalon:correlation") ?? ""), words,
        (text) => drawing.setInside(element, holder, { "jalon:correlation": text }), { key: "correlation", hint: say("Une expression que le message doit égaler, par exemple case_number.", "An expression the message must equal, such as case_number.") }),
      ...(throws ? [...mappings(asked, "jalon:Input", (name) => say(`Emporte ${name}`, `Carries ${name}`)), adder(asked, "jalon:Input", say("Ajouter ce qu’il emporte", "Add what it carries"))]
        : [...mappings(asked, "jalon:Output", (name) => say(`Retenu dans ${name}`, `Kept in ${name}`)), adder(asked, "jalon:Output", say("Retenir dans une variable", "Keep in a variable"))]),
    ] };
}

/** Where the data of the start go. */
export function startResult(asked: Asked): Question {
  const value = get(asked.meaning, "result");
  return { key: "result", title: say("Où vont les données du début ?", "Where do the data of the start go?"), answer: value || say("Chacune sous son nom", "Each under its name"),
    body: [text(say("Variable", "Variable"), value, put(asked, "result"), { key: "result" })] };
}
