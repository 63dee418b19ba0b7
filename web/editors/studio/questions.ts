/* What each kind of element is asked, in the order people think: who, with what, until when, and if not; then what comes next. */
import type { Drawn, Drawing, Meaning } from "./drawing";
import { kind } from "./drawing";
import * as fields from "./fields";
import type { Question } from "./panel";
import type { Handler, Vocabulary } from "./server";
import { h, say } from "./words";

interface Asked { element: Drawn; meaning: Meaning; drawing: Drawing; words: Vocabulary }

const PERSON = new Set(["UserTask", "ManualTask"]);
const ACTIVITY = /Task$|^CallActivity$|SubProcess$|^Transaction$/;

/** The questions of an element. */
export function questionsFor(element: Drawn, drawing: Drawing, words: Vocabulary): Question[] {
  const asked: Asked = { element, meaning: element.businessObject, drawing, words };
  const what = kind(asked.meaning);
  if (what === "SequenceFlow") return [way(asked), name(asked)];
  if (what === "Lane") return [people(asked), name(asked)];
  if (what === "Process" || what === "Collaboration" || what === "Participant") return wholeProcess(asked);
  if (!("incoming" in element) || what === "TextAnnotation" || what === "Association" || what === "MessageFlow") return what === "TextAnnotation" ? [] : [name(asked)];
  const found: Question[] = [];
  if (PERSON.has(what)) found.push(who(asked));
  if (what === "UserTask") found.push(form(asked));
  if (PERSON.has(what)) found.push(when(asked));
  if (ACTIVITY.test(what)) found.push(late(asked));
  if (what === "ServiceTask" || what === "SendTask") found.push(handler(asked));
  if (what === "BusinessRuleTask") found.push(decision(asked));
  if (what === "ScriptTask") found.push(script(asked));
  if (what === "CallActivity") found.push(called(asked));
  if (asked.meaning.eventDefinitions?.length) found.push(event(asked));
  if (what === "StartEvent") found.push(startResult(asked));
  if (what === "ReceiveTask") found.push(message(asked, asked.meaning));
  if (/Gateway$/.test(what)) found.push(ways(asked));
  if (PERSON.has(what)) found.push(never(asked));
  if (ACTIVITY.test(what)) found.push(times(asked));
  found.push(milestone(asked), next(asked), name(asked));
  return found;
}

const get = (meaning: Meaning, property: string): string => String(meaning.get(`jalon:${property}`) ?? "");
const put = (asked: Asked, property: string) => (value: string) => asked.drawing.set(asked.element, { [`jalon:${property}`]: value });
const nameOf = (meaning: Meaning): string => meaning.name || meaning.id;
const none = () => say("Rien", "Nothing");
const listed = (parts: string[]): string => parts.filter(Boolean).join(", ");
const nameIn = (choices: { id: string; name: string }[], id: string): string => choices.find((one) => one.id === id)?.name ?? id;

// --- people ---------------------------------------------------------------------------------------

function laneOf(asked: Asked): Meaning | undefined {
  return asked.drawing.registry.filter((one: Drawn) => one.type === "bpmn:Lane" && one.businessObject.flowNodeRef?.includes(asked.meaning))
    .map((one: Drawn) => one.businessObject).at(-1);
}

function who(asked: Asked): Question {
  const { meaning, words } = asked;
  const groups = get(meaning, "groups").split(",").map((one) => one.trim()).filter(Boolean);
  const lane = laneOf(asked);
  const usual = lane ? nameIn(words.groups, String(lane.get("jalon:group") ?? "")) : "";
  const assignee = get(meaning, "assignee");
  return { key: "who", title: say("Qui le fait ?", "Who does it?"),
    answer: listed([groups.length ? groups.map((one) => nameIn(words.groups, one)).join(", ") : usual, assignee && say("une personne désignée", "a named person")]) || say("Personne encore", "Nobody yet"),
    body: [
      fields.tick(say("Groupes", "Groups"), words.groups, groups, (values) => put(asked, "groups")(values.join(",")), { key: "groups",
        hint: usual ? say(`Sans choix : ${usual}, comme le couloir.`, `Without a choice: ${usual}, as the lane says.`) : undefined }),
      fields.feel(say("De préférence cette personne", "Preferably this person"), assignee, words.variables, put(asked, "assignee"), { key: "assignee",
        hint: say("Une variable qui tient une personne, par exemple auditor_id. Vide : n’importe qui du groupe.", "A variable that holds a person, such as auditor_id. Empty: anybody of the group.") }),
    ] };
}

function never(asked: Asked): Question {
  const { meaning, words, drawing } = asked;
  const values = get(meaning, "notWhoDid").split(/\s+/).filter(Boolean);
  const here = drawing.registry.filter((one: Drawn) => PERSON.has(kind(one.businessObject)) && !one.labelTarget && one.businessObject !== meaning)
    .map((one: Drawn) => ({ id: one.id as string, name: nameOf(one.businessObject) }));
  const known = new Set(here.map((one: { id: string }) => one.id));
  const elsewhere = words.activities.filter((one) => one.id !== meaning.id && !known.has(one.id) && !drawing.registry.get(one.id));
  const choices = [...here, ...elsewhere];
  return { key: "never", title: say("Jamais la personne de… ?", "Never the person of…?"),
    answer: values.map((one) => `« ${nameIn(choices, one)} »`).join(", ") || say("Aucune exclusion", "No exclusion"),
    body: [fields.tick(say("Qui a fait l’une de ces tâches ne fait pas celle-ci", "Whoever did one of these does not do this one"), choices, values,
      (chosen) => put(asked, "notWhoDid")(chosen.join(" ")), { key: "notWhoDid" })] };
}

function people(asked: Asked): Question {
  const group = get(asked.meaning, "group");
  return { key: "people", title: say("Qui travaille ici ?", "Who works here?"), answer: nameIn(asked.words.groups, group) || say("Personne encore", "Nobody yet"),
    body: [fields.choose(say("Groupe", "Group"), asked.words.groups, group, say("Aucun groupe", "No group"), put(asked, "group"), { key: "group",
      hint: say("Les tâches du couloir vont à ce groupe, sauf celles qui en nomment un autre.", "Tasks of the lane go to this group, but for those that name another.") })] };
}

// --- forms, days, being late ----------------------------------------------------------------------

function form(asked: Asked): Question {
  const { meaning, words } = asked;
  const key = get(meaning, "form");
  return { key: "form", title: say("Avec quel formulaire ?", "With which form?"), answer: key ? nameIn(words.forms, key) : say("Aucun", "None"),
    body: [
      fields.choose(say("Formulaire", "Form"), words.forms.map((one) => ({ ...one, name: `${one.name} (${one.id})` })), key, say("Aucun formulaire", "No form"), put(asked, "form"), { key: "form" }),
      fields.text(say("Les réponses vont dans", "The answers go into"), get(meaning, "result"), put(asked, "result"), { key: "result",
        hint: say("Une variable, par exemple judgement. Vide : chaque réponse sous son propre nom.", "A variable, such as judgement. Empty: each answer under its own name.") }),
      fields.feel(say("Lequel de plusieurs ?", "Which one of several?"), get(meaning, "subject"), words.variables, put(asked, "subject"), { key: "subject",
        hint: say("Un texte pour les gens, quand la même tâche existe plusieurs fois.", "A text for people, when the same task exists several times.") }),
    ] };
}

function when(asked: Asked): Question {
  const { meaning, words } = asked;
  const due = get(meaning, "due");
  const call = fields.ruleCall(due);
  return { key: "when", title: say("Pour quand ?", "For when?"), answer: call ? nameIn(words.rules, call.rule) : due || say("Sans échéance", "No due date"),
    body: [
      fields.byRule(say("Règle", "Rule"), "day", due, words.rules, words.variables, put(asked, "due"), say("Sans échéance", "No due date"), "due"),
      fields.feel(say("À revoir à partir de", "Look again from"), get(meaning, "followUp"), words.variables, put(asked, "followUp"), { key: "followUp" }),
      fields.feel(say("Priorité, de 0 à 100", "Priority, from 0 to 100"), get(meaning, "priority"), words.variables, put(asked, "priority"), { key: "priority" }),
    ] };
}

function late(asked: Asked): Question {
  const { element, drawing, words } = asked;
  const timers = drawing.timersOn(element);
  const told = timers.map((one) => {
    const to = one.outgoing[0]?.target;
    return { one, text: `${nameOf(one.businessObject)}${to ? ` → ${nameOf(to.businessObject)}` : ""}`, stops: one.businessObject.cancelActivity !== false };
  });
  const usual = timers.map((one) => fields.ruleCall(timerOf(one.businessObject.eventDefinitions[0])[1])).find(Boolean) ?? fields.ruleCall(get(asked.meaning, "due") || "");
  const rule = h("select", { id: "late-rule", "data-key": "late-rule" }, ...words.rules.map((one) => h("option", { value: one.id }, one.name)));
  if (usual) rule.value = usual.rule;
  const anchor = h("input", { id: "late-anchor", "data-key": "late-anchor", class: "mono", list: "studio-variables", value: usual?.anchor ?? "" });
  const add = (stops: boolean) => {
    if (!rule.value || !anchor.value.trim()) {
      anchor.focus();
      return;
    }
    const body = `${stops ? "deadline" : "reminders"}("${rule.value}", ${anchor.value.trim()})`;
    const timer = drawing.addTimer(element, stops, stops ? "timeDate" : "timeCycle", body, stops ? say("Délai dépassé", "Time limit over") : say("Relance due", "Reminder due"));
    if (!stops) {
      const task = drawing.append(timer, "bpmn:ServiceTask", { name: say("Relancer", "Remind") });
      const notify = words.handlers.find((one) => one.name && one.id === "client.notify");
      if (notify) drawing.set(task, { "jalon:handler": notify.id });
      drawing.append(task, "bpmn:EndEvent", { name: say("Relance envoyée", "Reminder sent") });
      drawing.selection.select(task);
    } else drawing.selection.select(timer);
  };
  return { key: "late", title: say("Et si c’est en retard ?", "And if it is late?"), answer: told.map((one) => one.text).join(", ") || say("Rien ne se passe", "Nothing happens"),
    body: [
      told.length ? h("ul", { class: "stack small" }, ...told.map(({ one, text, stops }) => h("li", {},
        h("button", { type: "button", class: "button button-quiet", onclick: () => drawing.show(one.id) }, text), " ",
        h("span", { class: "muted" }, stops ? say("interrompt la tâche", "stops the task") : say("à côté, sans interrompre", "beside it, without stopping"))))) : h("p", { class: "hint" }, say("Aucun minuteur sur cet élément.", "No timer on this element.")),
      h("div", { class: "field" }, h("label", { for: "late-rule" }, say("Règle", "Rule")), rule),
      h("div", { class: "field" }, h("label", { for: "late-anchor" }, say("Compté depuis", "Counted from")), anchor),
      h("p", { class: "row" }, h("button", { class: "button", type: "button", "data-key": "add-reminder", onclick: () => add(false) }, say("Ajouter un rappel", "Add a reminder")),
        h("button", { class: "button", type: "button", "data-key": "add-limit", onclick: () => add(true) }, say("Ajouter une issue au dernier jour", "Add a way out on the last day"))),
    ] };
}

// --- automatic steps ------------------------------------------------------------------------------

function handler(asked: Asked): Question {
  const { meaning, words } = asked;
  const key = get(meaning, "handler");
  const found = words.handlers.find((one) => one.id === key);
  return { key: "handler", title: say("Quel automatisme ?", "Which handler?"), answer: found?.name ?? (key || say("Aucun encore", "None yet")),
    body: [
      fields.choose(say("Automatisme", "Handler"), words.handlers, key, say("À choisir", "To be chosen"), put(asked, "handler"), { key: "handler" }),
      ...(found ? parameters(asked, found) : []),
      fields.text(say("Nouveaux essais", "Tries again"), get(meaning, "retries"), put(asked, "retries"), { key: "retries",
        hint: say("Un nombre. Vide : comme l’automatisme le prévoit.", "A number. Empty: as the handler foresees.") }),
    ] };
}

const TYPES: Record<string, [string, string]> = { string: ["texte", "text"], number: ["nombre", "number"], boolean: ["oui ou non", "yes or no"], date: ["jour", "day"],
  list: ["liste", "list"], context: ["ensemble de valeurs", "set of values"], any: ["toute valeur", "any value"] };

/** A field for each parameter the handler declares, and for what the diagram maps beside them. */
function parameters(asked: Asked, found: Handler): HTMLElement[] {
  const { drawing, element, meaning, words } = asked;
  const [inputs, outputs] = [drawing.mappings(meaning, "jalon:Input"), drawing.mappings(meaning, "jalon:Output")];
  const lines: HTMLElement[] = [];
  for (const one of found.inputs) {
    const value = inputs.find((line) => line.name === one.name)?.value ?? "";
    const set = (text: string) => drawing.map(element, "jalon:Input", one.name, text);
    const label = `${one.label || one.name}${one.required ? "" : ` (${say("facultatif", "optional")})`}`;
    const quoted = /^"([^"]*)"$/.exec(value)?.[1];
    if (one.name === "letter" && (quoted !== undefined || !value)) {
      lines.push(fields.choose(label, words.letters, quoted ?? "", say("À choisir", "To be chosen"), (text) => set(text && `"${text}"`), { key: `in-${one.name}` }));
    } else if (one.name === "group" && (quoted !== undefined || !value)) {
      lines.push(fields.choose(label, words.groups, quoted ?? "", say("La variable group", "The variable group"), (text) => set(text && `"${text}"`), { key: `in-${one.name}` }));
    } else {
      const type = TYPES[one.type];
      lines.push(fields.feel(label, value, words.variables, set, { key: `in-${one.name}`,
        hint: `${type ? say(...type) : one.type} · ${say(`vide : la variable ${one.name}`, `empty: the variable ${one.name}`)}` }));
    }
  }
  const extra = inputs.filter((line) => !found.inputs.some((one) => one.name === line.name));
  for (const line of extra) lines.push(fields.feel(line.name, line.value, words.variables, (text) => drawing.map(element, "jalon:Input", line.name, text), { key: `in-${line.name}` }));
  if (found.outputs.length) {
    lines.push(h("p", { class: "hint" }, say(`Donne : ${found.outputs.map((one) => one.name).join(", ")}.`, `Gives: ${found.outputs.map((one) => one.name).join(", ")}.`)));
  }
  for (const line of outputs) lines.push(fields.feel(say(`Retenu dans ${line.name}`, `Kept in ${line.name}`), line.value, words.variables, (text) => drawing.map(element, "jalon:Output", line.name, text), { key: `out-${line.name}` }));
  return [...lines, adder(asked, "jalon:Input", say("Ajouter une entrée", "Add an input")), adder(asked, "jalon:Output", say("Retenir dans une variable", "Keep in a variable"))];
}

/** A field for the name of one more mapping. */
function adder(asked: Asked, type: "jalon:Input" | "jalon:Output", label: string): HTMLElement {
  return fields.text(label, "", (name) => {
    if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) asked.drawing.map(asked.element, type, name, type === "jalon:Input" ? "null" : name);
  }, { key: `add-${type}`, placeholder: say("nom de variable", "name of a variable") });
}

function decision(asked: Asked): Question {
  const key = get(asked.meaning, "decision");
  return { key: "decide", title: say("Quelle table décide ?", "Which table decides?"), answer: nameIn(asked.words.decisions, key) || say("Aucune encore", "None yet"),
    body: [
      fields.choose(say("Décision", "Decision"), asked.words.decisions, key, say("À choisir", "To be chosen"), put(asked, "decision"), { key: "decision" }),
      fields.text(say("Le résultat va dans", "The result goes into"), get(asked.meaning, "result"), put(asked, "result"), { key: "result" }),
      ...mapped(asked),
    ] };
}

function script(asked: Asked): Question {
  const { meaning, drawing, element, words } = asked;
  return { key: "script", title: say("Quel calcul ?", "Which calculation?"), answer: (meaning.script ?? "").slice(0, 60) || say("Aucun encore", "None yet"),
    body: [
      fields.feel(say("Calcul (FEEL)", "Calculation (FEEL)"), meaning.script ?? "", words.variables, (value) => drawing.set(element, { script: value }), { key: "script", rows: 4 }),
      fields.text(say("Le résultat va dans", "The result goes into"), get(meaning, "result"), put(asked, "result"), { key: "result",
        hint: say("Vide : un ensemble de valeurs, chacune sous son nom.", "Empty: a set of values, each under its name.") }),
    ] };
}

function called(asked: Asked): Question {
  const { meaning, drawing, element, words } = asked;
  return { key: "called", title: say("Quel processus appelle-t-on ?", "Which process is called?"), answer: nameIn(words.processes, meaning.calledElement ?? "") || say("Aucun encore", "None yet"),
    body: [fields.choose(say("Processus", "Process"), words.processes, meaning.calledElement ?? "", say("À choisir", "To be chosen"), (value) => drawing.set(element, { calledElement: value }), { key: "called" }),
      ...mapped(asked)] };
}

function mapped(asked: Asked): HTMLElement[] {
  const { drawing, element, meaning, words } = asked;
  const line = (type: "jalon:Input" | "jalon:Output", title: (name: string) => string) => drawing.mappings(meaning, type).map((one) =>
    fields.feel(title(one.name), one.value, words.variables, (text) => drawing.map(element, type, one.name, text), { key: `${type}-${one.name}` }));
  return [...line("jalon:Input", (one) => say(`Y voit ${one}`, `Sees ${one}`)), adder(asked, "jalon:Input", say("Ajouter une entrée", "Add an input")),
    ...line("jalon:Output", (one) => say(`Rend ${one}`, `Gives ${one}`)), adder(asked, "jalon:Output", say("Ajouter une sortie", "Add an output"))];
}

// --- events ---------------------------------------------------------------------------------------

const TIMERS = ["timeDate", "timeDuration", "timeCycle"] as const;

function timerOf(definition: Meaning): [typeof TIMERS[number], string] {
  const found = TIMERS.find((one) => definition[one]);
  return [found ?? "timeDuration", found ? definition[found].body ?? "" : ""];
}

function event(asked: Asked): Question {
  const definition = asked.meaning.eventDefinitions[0];
  const what = kind(definition).replace("EventDefinition", "");
  const { drawing, element, words } = asked;
  if (what === "Timer") return timer(asked, definition);
  if (what === "Message") return message(asked, definition);
  if (what === "Conditional") {
    const body = definition.condition?.body ?? "";
    return { key: "condition", title: say("Quelle condition attend-on ?", "Which condition is awaited?"), answer: body || say("Aucune encore", "None yet"),
      body: [fields.feel(say("Condition", "Condition"), body, words.variables, (value) => drawing.setInside(element, definition, { condition: drawing.expression(value, definition) }), { key: "condition", rows: 2 })] };
  }
  const named: Record<string, [string, "name" | "errorCode" | "escalationCode", string, string]> = {
    Signal: ["bpmn:Signal", "name", "signalRef", say("Nom du signal", "Name of the signal")],
    Error: ["bpmn:Error", "errorCode", "errorRef", say("Code de l’erreur", "Code of the error")],
    Escalation: ["bpmn:Escalation", "escalationCode", "escalationRef", say("Code de l’escalade", "Code of the escalation")],
  };
  const found = named[what];
  if (!found) return { key: "event", title: say("Quel événement ?", "Which event?"), answer: what, body: [h("p", { class: "hint" }, say("Rien à préciser ici.", "Nothing more to say here."))] };
  const [type, key, reference, label] = found;
  const value = definition[reference]?.get(key) ?? definition[reference]?.name ?? "";
  return { key: "event", title: say("Quel événement ?", "Which event?"), answer: value || say("Aucun nom encore", "No name yet"),
    body: [fields.text(label, value, (text) => drawing.setInside(element, definition, { [reference]: text ? drawing.nameOrAdd(type, key, text) : undefined }), { key: "event" })] };
}

function timer(asked: Asked, definition: Meaning): Question {
  const { drawing, element, words, meaning } = asked;
  const [how, body] = timerOf(definition);
  const call = fields.ruleCall(body);
  const write = (to: typeof TIMERS[number], text: string) => drawing.setInside(element, definition,
    { timeDate: undefined, timeDuration: undefined, timeCycle: undefined, [to]: drawing.expression(text, definition) });
  const calls = [{ id: "deadline", name: say("Au dernier jour de la règle", "On the last day of the rule") }, { id: "reminders", name: say("À chaque rappel de la règle", "At each reminder of the rule") },
    { id: "escalations", name: say("À chaque escalade de la règle", "At each escalation of the rule") }];
  const shapes = [{ id: "timeDuration", name: say("Après une durée", "After a length of time") }, { id: "timeDate", name: say("À un moment", "At a moment") }, { id: "timeCycle", name: say("Plusieurs fois", "Several times") }];
  const answer = call ? `${nameIn(calls, call.call)}: ${nameIn(words.rules, call.rule)}` : body || say("Aucun moment encore", "No moment yet");
  const rule = call ? call.call : "deadline";
  const inside: HTMLElement[] = [
    fields.choose(say("Quand ?", "When?"), [...calls, ...shapes], call ? call.call : body ? how : "deadline", null, (value) => {
      if (calls.some((one) => one.id === value)) write(value === "deadline" ? "timeDate" : "timeCycle", call ? `${value}("${call.rule}", ${call.anchor})` : `${value}("${words.rules[0]?.id ?? ""}", today())`);
      else write(value as typeof TIMERS[number], call ? "" : body);
    }, { key: "timer-how" }),
  ];
  if (call || !body) inside.push(fields.byRule(say("Règle", "Rule"), rule, body, words.rules, words.variables, (text) => write(rule === "deadline" ? "timeDate" : "timeCycle", text), say("À choisir", "To be chosen"), "timer"));
  else inside.push(fields.feel(say("Durée, moment ou expression", "Length, moment or expression"), body, words.variables, (text) => write(how, text), { key: "timer-free", hint: say("P3M, PT4H, R3/P7D, ou du FEEL.", "P3M, PT4H, R3/P7D, or FEEL.") }));
  if (kind(meaning) === "BoundaryEvent") inside.push(fields.flag(say("Interrompt la tâche", "Stops the task"), meaning.cancelActivity !== false, (value) => drawing.set(element, { cancelActivity: value }), { key: "interrupts" }));
  return { key: "timer", title: say("À quel moment ?", "At what moment?"), answer, body: inside };
}

function message(asked: Asked, holder: Meaning): Question {
  const { drawing, element, words } = asked;
  const label = holder.messageRef?.name ?? "";
  return { key: "event", title: say("Quel message ?", "Which message?"), answer: label || say("Aucun nom encore", "No name yet"),
    body: [
      fields.text(say("Nom du message", "Name of the message"), label, (text) => drawing.setInside(element, holder, { messageRef: text ? drawing.nameOrAdd("bpmn:Message", "name", text) : undefined }), { key: "message" }),
      fields.feel(say("Pour quel dossier ?", "For which case?"), String(holder.get("jalon:correlation") ?? holder.messageRef?.get("jalon:correlation") ?? ""), words.variables,
        (text) => drawing.setInside(element, holder, { "jalon:correlation": text }), { key: "correlation", hint: say("Une expression que le message doit égaler, par exemple case_number.", "An expression the message must equal, such as case_number.") }),
    ] };
}

function startResult(asked: Asked): Question {
  const value = get(asked.meaning, "result");
  return { key: "result", title: say("Où vont les données du début ?", "Where do the data of the start go?"), answer: value || say("Chacune sous son nom", "Each under its name"),
    body: [fields.text(say("Variable", "Variable"), value, put(asked, "result"), { key: "result" })] };
}

// --- ways -----------------------------------------------------------------------------------------

function conditionOf(asked: Asked, flow: Drawn): HTMLElement[] {
  const { drawing, words } = asked;
  const source = flow.source.businessObject;
  const body = flow.businessObject.conditionExpression?.body ?? "";
  const isDefault = source.default === flow.businessObject;
  const branches = /^(Exclusive|Inclusive|Complex)Gateway$/.test(kind(source));
  const lines = [fields.text(say("Réponse écrite sur la flèche", "Answer written on the arrow"), flow.businessObject.name ?? "", (text) => drawing.set(flow, { name: text }), { key: `answer-${flow.id}` })];
  if (branches) {
    lines.push(fields.flag(say("Sinon : prise quand aucune autre ne l’est", "Otherwise: taken when no other is"), isDefault, (value) => {
      drawing.set(flow.source, { default: value ? flow.businessObject : undefined });
      if (value) drawing.set(flow, { conditionExpression: undefined });
    }, { key: `default-${flow.id}` }));
    if (!isDefault) lines.push(fields.feel(say("Si", "If"), body, words.variables, (text) => drawing.set(flow, { conditionExpression: drawing.expression(text, flow.businessObject) }), { key: `if-${flow.id}`, rows: 2 }));
  }
  return lines;
}

function ways(asked: Asked): Question {
  const flows = asked.element.outgoing as Drawn[];
  const told = flows.map((flow) => `${flow.businessObject.name ? `${flow.businessObject.name} → ` : "→ "}${nameOf(flow.target.businessObject)}`);
  return { key: "ways", title: say("Quelles voies ?", "Which ways?"), answer: told.join(", ") || say("Aucune encore", "None yet"),
    body: flows.length ? flows.map((flow, at) => h("fieldset", { class: "studio-way" }, h("legend", {}, told[at] ?? ""), ...conditionOf(asked, flow))) : [h("p", { class: "hint" }, say("Reliez la passerelle à ce qui suit.", "Connect the gateway to what follows."))] };
}

function way(asked: Asked): Question {
  const { element } = asked;
  return { key: "condition", title: say("Quand la prend-on ?", "When is it taken?"), answer: element.businessObject.conditionExpression?.body ?? say("Toujours, ou sinon", "Always, or otherwise"), body: conditionOf(asked, element) };
}

// --- how often, milestone, what comes next, name ---------------------------------------------------

function times(asked: Asked): Question {
  const { meaning, drawing, element, words } = asked;
  const loop = meaning.loopCharacteristics;
  const several = loop && kind(loop) === "MultiInstanceLoopCharacteristics";
  const how = several ? (loop.isSequential ? "sequential" : "parallel") : loop ? "loop" : "";
  const choices = [{ id: "parallel", name: say("Une fois par élément d’une liste, toutes à la fois", "Once for each item of a list, all at once") },
    { id: "sequential", name: say("Une fois par élément d’une liste, l’une après l’autre", "Once for each item of a list, one after the other") },
    ...(how === "loop" ? [{ id: "loop", name: say("En boucle", "In a loop") }] : [])];
  const write = (property: string) => (text: string) => drawing.setInside(element, loop, { [`jalon:${property}`]: text });
  const body: HTMLElement[] = [fields.choose(say("Combien de fois ?", "How often?"), choices, how, say("Une fois", "Once"), (value) => {
    if (!value) drawing.set(element, { loopCharacteristics: undefined });
    else if (several) drawing.setInside(element, loop, { isSequential: value === "sequential" });
    else drawing.set(element, { loopCharacteristics: drawing.factory.create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: value === "sequential" }) });
  }, { key: "times" })];
  if (several) {
    body.push(fields.feel(say("La liste", "The list"), String(loop.get("jalon:collection") ?? ""), words.variables, write("collection"), { key: "collection" }),
      fields.text(say("Chaque élément s’appelle", "Each item is called"), String(loop.get("jalon:item") ?? ""), write("item"), { key: "item" }),
      fields.text(say("Les résultats vont dans", "The results go into"), String(loop.get("jalon:collect") ?? ""), write("collect"), { key: "collect" }),
      fields.feel(say("Un résultat", "One result"), String(loop.get("jalon:collectValue") ?? ""), words.variables, write("collectValue"), { key: "collectValue" }));
  }
  return { key: "times", title: say("Combien de fois ?", "How often?"), answer: choices.find((one) => one.id === how)?.name ?? say("Une fois", "Once"), body };
}

function milestone(asked: Asked): Question {
  const choices = asked.drawing.own(asked.drawing.processOf(asked.meaning), "jalon:Milestone").map((one) => ({ id: one.id as string, name: (one.name || one.id) as string }));
  const value = get(asked.meaning, "milestone");
  return { key: "milestone", title: say("Quel jalon ?", "Which milestone?"), answer: value ? nameIn(choices, value) : say("Aucun", "None"),
    body: [fields.choose(say("Jalon atteint en arrivant ici", "Milestone reached on arriving here"), choices, value, say("Aucun", "None"), put(asked, "milestone"), { key: "milestone" })] };
}

const APPENDED: [string, string, string, Record<string, unknown>?][] = [
  ["bpmn:UserTask", "une tâche d’une personne", "a task of a person"], ["bpmn:ServiceTask", "une étape automatique", "an automatic step"],
  ["bpmn:BusinessRuleTask", "une décision par une table", "a decision by a table"], ["bpmn:ExclusiveGateway", "une passerelle : une seule voie", "a gateway: one way only"],
  ["bpmn:ParallelGateway", "une passerelle : toutes les voies", "a gateway: all ways at once"],
  ["bpmn:IntermediateCatchEvent", "un minuteur", "a timer", { eventDefinitionType: "bpmn:TimerEventDefinition" }],
  ["bpmn:CallActivity", "un appel de processus", "a call of a process"], ["bpmn:EndEvent", "une fin", "an end"],
];

function next(asked: Asked): Question {
  const { element, drawing } = asked;
  const flows = element.outgoing as Drawn[];
  const ends = kind(asked.meaning) === "EndEvent";
  const what = h("select", { id: "next-what", "data-key": "next-what" }, ...APPENDED.map(([, fr, en], at) => h("option", { value: String(at) }, say(fr, en))));
  const targets = drawing.registry.filter((one: Drawn) => "incoming" in one && !one.waypoints && !one.labelTarget && one !== element && one.parent
    && !/StartEvent|BoundaryEvent|Participant|Lane|TextAnnotation|Collaboration|:Process$|DataObject|DataStore|Group/.test(one.type) && drawing.processOf(one.businessObject) === drawing.processOf(asked.meaning));
  const to = h("select", { id: "next-to", "data-key": "next-to" }, ...targets.map((one: Drawn) => h("option", { value: one.id }, nameOf(one.businessObject))));
  const append = () => {
    const [type, , , properties] = APPENDED[Number(what.value)] ?? APPENDED[0]!;
    drawing.show(drawing.append(element, type, properties ?? {}).id);
  };
  return { key: "next", title: say("Et ensuite ?", "And then?"), answer: flows.map((flow) => nameOf(flow.target.businessObject)).join(", ") || (ends ? say("C’est la fin", "This is the end") : say("Rien encore", "Nothing yet")),
    body: ([
      flows.length ? h("ul", { class: "stack small" }, ...flows.map((flow) => h("li", {}, h("button", { class: "button button-quiet", type: "button", onclick: () => drawing.show(flow.target.id) }, nameOf(flow.target.businessObject)),
        h("button", { class: "button button-quiet", type: "button", onclick: () => drawing.remove(flow) }, say("Enlever la flèche", "Take the arrow away"))))) : null,
      ...(ends ? [] : [
        h("div", { class: "field" }, h("label", { for: "next-what" }, say("Ajouter après", "Add after it")), h("div", { class: "row" }, what, h("button", { class: "button", type: "button", "data-key": "append", onclick: append }, say("Ajouter", "Add")))),
        h("div", { class: "field" }, h("label", { for: "next-to" }, say("Relier à", "Connect to")), h("div", { class: "row" }, to, h("button", { class: "button", type: "button", "data-key": "connect", onclick: () => drawing.connect(element, drawing.registry.get(to.value)) }, say("Relier", "Connect"))))]),
      h("p", { class: "row section-end" }, h("button", { class: "button button-risk", type: "button", "data-key": "remove", onclick: () => drawing.remove(element) }, say("Supprimer cet élément", "Delete this element"))),
    ] as (HTMLElement | null)[]).filter((one): one is HTMLElement => one !== null) };
}

function name(asked: Asked): Question {
  const { element, meaning, drawing } = asked;
  const note = meaning.documentation?.[0]?.text ?? "";
  return { key: "name", title: say("Nom et note", "Name and note"), answer: meaning.id,
    body: [
      fields.text(say("Nom en français", "Name in French"), meaning.name ?? "", (text) => drawing.set(element, { name: text }), { key: "name", lang: "fr" }),
      fields.text(say("Nom en anglais", "Name in English"), get(meaning, "nameEn"), put(asked, "nameEn"), { key: "nameEn", lang: "en" }),
      fields.longText(say("Note", "Note"), note, (text) => drawing.set(element, { documentation: text ? [drawing.factory.create("bpmn:Documentation", { text })] : [] }), { key: "note" }),
      h("p", { class: "hint" }, say("Identifiant : ", "Identifier: "), h("span", { class: "mono" }, meaning.id)),
    ] };
}

function wholeProcess(asked: Asked): Question[] {
  const { element, drawing, words } = asked;
  const process = drawing.processOf(asked.meaning);
  if (!process) return [];
  const set = (property: string) => (text: string) => drawing.setInside(element, process, { [property]: text || undefined });
  const own = drawing.own(process, "jalon:Milestone").map((one) => ({ id: one.id ?? "", name: one.name ?? "", nameEn: one.nameEn ?? "" }));
  const write = (lines: typeof own) => drawing.setOwn(element, process, "jalon:Milestone", lines.filter((line) => line.id));
  const start = String(process.get("jalon:startForm") ?? "");
  return [
    { key: "form", title: say("Avec quel formulaire commence-t-il ?", "With which form does it begin?"), answer: start ? nameIn(words.forms, start) : say("Aucun", "None"),
      body: [fields.choose(say("Formulaire", "Form"), words.forms.map((one) => ({ ...one, name: `${one.name} (${one.id})` })), start, say("Aucun formulaire", "No form"), set("jalon:startForm"), { key: "startForm" }),
        fields.feel(say("Titre d’un dossier", "Title of a case"), String(process.get("jalon:title") ?? ""), words.variables, set("jalon:title"), { key: "title" })] },
    { key: "milestones", title: say("Quels jalons ?", "Which milestones?"), answer: own.map((one) => one.name || one.id).join(", ") || say("Aucun", "None"),
      body: [...own.map((line, at) => h("fieldset", { class: "studio-way" }, h("legend", {}, line.name || line.id),
          fields.text(say("Nom en français", "Name in French"), line.name, (text) => write(own.map((one, i) => i === at ? { ...one, name: text } : one)), { key: `ms-fr-${line.id}`, lang: "fr" }),
          fields.text(say("Nom en anglais", "Name in English"), line.nameEn, (text) => write(own.map((one, i) => i === at ? { ...one, nameEn: text } : one)), { key: `ms-en-${line.id}`, lang: "en" }),
          h("p", { class: "row" }, h("button", { class: "button button-quiet", type: "button", disabled: at === 0, onclick: () => write(swapped(own, at)) }, say("Monter", "Move up")),
            h("button", { class: "button button-quiet", type: "button", onclick: () => write(own.filter((_, i) => i !== at)) }, say("Enlever", "Take away"))))),
        fields.text(say("Ajouter un jalon", "Add a milestone"), "", (text) => { if (/^[a-z][a-z0-9_]*$/.test(text)) write([...own, { id: text, name: text, nameEn: "" }]); },
          { key: "ms-add", hint: say("Son identifiant : lettres minuscules, chiffres, tirets bas.", "Its identifier: small letters, digits, underscores.") })] },
    { key: "name", title: say("Nom et note", "Name and note"), answer: process.id,
      body: [fields.text(say("Nom en français", "Name in French"), process.name ?? "", set("name"), { key: "p-name", lang: "fr" }),
        fields.text(say("Nom en anglais", "Name in English"), String(process.get("jalon:nameEn") ?? ""), set("jalon:nameEn"), { key: "p-nameEn", lang: "en" })] },
  ];
}

function swapped<T>(lines: T[], at: number): T[] {
  const copy = [...lines];
  const [one, other] = [copy[at - 1], copy[at]];
  if (one !== undefined && other !== undefined) [copy[at - 1], copy[at]] = [other, one];
  return copy;
}
