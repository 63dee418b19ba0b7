/* What each kind of element is asked, in the order people think: who, with what, until when, and if not; then what comes next. */
import type { Drawn, Drawing } from "../drawing";
import { kind } from "../drawing";
import { PERSON, type Asked, type Question, type Words } from "./asked";
import { when } from "./days";
import { event, message, startResult } from "./events";
import { form } from "./forms";
import { handler } from "./handlers";
import { late } from "./lateness";
import { milestone, name } from "./names";
import { next } from "./next";
import { inhabitants, never, who } from "./people";
import { wholeProcess } from "./process";
import { times } from "./rounds";
import { called, decision, enough, script } from "./work";
import { way, ways } from "./ways";

export type { Question, Words } from "./asked";

const ACTIVITY = /Task$|^CallActivity$|SubProcess$|^Transaction$/;
const WHOLE = new Set(["Process", "Collaboration", "Participant"]);

/** The questions of an element. */
export function questionsFor(element: Drawn, drawing: Drawing, words: Words): Question[] {
  const asked: Asked = { element, meaning: element.businessObject, drawing, words };
  const what = kind(asked.meaning);
  if (WHOLE.has(what)) return wholeProcess(asked);
  if (what === "SequenceFlow") return [way(asked), name(asked)];
  if (what === "Lane") return [inhabitants(asked), name(asked)];
  if (what === "TextAnnotation") return [];
  if (!("incoming" in element) || /Association$|^MessageFlow$|^Group$|^DataObjectReference$|^DataStoreReference$/.test(what)) return [name(asked)];
  return [...doing(asked, what), milestone(asked), next(asked), name(asked)];
}

function doing(asked: Asked, what: string): Question[] {
  const found: Question[] = [];
  const ask = (holds: boolean, ...questions: ((asked: Asked) => Question)[]) => { if (holds) found.push(...questions.map((one) => one(asked))); };
  ask(PERSON.has(what), who);
  ask(what === "UserTask", form);
  ask(PERSON.has(what), when);
  ask(what === "ServiceTask" || what === "SendTask", handler);
  ask(what === "BusinessRuleTask", decision);
  ask(what === "ScriptTask", script);
  ask(what === "CallActivity", called);
  ask(what === "AdHocSubProcess", enough);
  ask(Boolean(asked.meaning.eventDefinitions?.length), event);
  ask(what === "StartEvent", startResult);
  ask(what === "ReceiveTask", (one) => message(one, one.meaning));
  ask(/Gateway$/.test(what), ways);
  ask(ACTIVITY.test(what), late);
  ask(PERSON.has(what), never);
  ask(ACTIVITY.test(what) && what !== "AdHocSubProcess", times);
  return found;
}
