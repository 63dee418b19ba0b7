/*
 * The panel: what is chosen in the drawing, as questions in plain words. Each question opens to its fields; closed, it tells its answer.
 * What each kind of element is asked stands in questions.ts.
 */
import type { Drawn, Drawing } from "./drawing";
import { kind } from "./drawing";
import { questionsFor } from "./questions";
import type { Vocabulary } from "./server";
import { h, icon, say } from "./words";

export interface Question { key: string; title: string; answer: string; body: HTMLElement[] }

export class Panel {
  private readonly open = new Set<string>(["who", "handler", "decide", "timer", "ways", "condition", "called", "script", "people", "milestones"]);

  constructor(private readonly place: HTMLElement, private readonly drawing: Drawing, private readonly vocabulary: Vocabulary) {
    drawing.modeler.on("selection.changed", () => this.show());
    drawing.modeler.on("commandStack.changed", () => this.show());
    this.show();
  }

  /** Draw the questions of what is chosen; who was in a field stays in it. */
  show(): void {
    const focus = this.place.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    const scrolled = this.place.scrollTop;
    const chosen = this.drawing.selection.get() as Drawn[];
    if (chosen.length > 1) this.several(chosen);
    else this.one(chosen[0] ?? this.drawing.canvas.getRootElement());
    this.place.scrollTop = scrolled;
    if (focus) this.place.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  /** Bring the reader into the panel: after a choice in the list. */
  focus(): void {
    this.place.querySelector<HTMLElement>("summary, input, select, textarea, button")?.focus();
  }

  private several(chosen: Drawn[]): void {
    this.place.replaceChildren(h("h2", {}, say(`${chosen.length} éléments choisis`, `${chosen.length} elements chosen`)),
      h("p", { class: "hint" }, say("Choisissez-en un seul pour répondre à ses questions.", "Choose a single one to answer its questions.")));
  }

  private one(element: Drawn): void {
    const shown = element.labelTarget ?? element;
    const meaning = shown.businessObject;
    const questions = questionsFor(shown, this.drawing, this.vocabulary);
    this.place.replaceChildren(
      h("p", { class: "tiny muted" }, kindName(meaning)),
      h("h2", { id: "chosen" }, meaning.name || (meaning.$type === "bpmn:Collaboration" || meaning.$type === "bpmn:Process" ? say("Tout le processus", "The whole process") : meaning.id)),
      ...questions.map((question) => this.question(question)),
    );
  }

  private question(question: Question): HTMLElement {
    const details = h("details", { class: "ask", open: this.open.has(question.key) },
      h("summary", { "data-key": `ask-${question.key}` }, question.title, " ", icon("right"), h("small", {}, question.answer)),
      h("div", { class: "ask-body" }, ...question.body));
    details.addEventListener("toggle", () => (details.open ? this.open.add(question.key) : this.open.delete(question.key)));
    return details;
  }
}

const KINDS: Record<string, [string, string]> = {
  UserTask: ["Tâche d’une personne", "Task of a person"], ManualTask: ["Tâche manuelle", "Manual task"], Task: ["Tâche à préciser", "Task to be made precise"],
  ServiceTask: ["Étape automatique", "Automatic step"], SendTask: ["Envoi", "Sending"], ReceiveTask: ["Attente d’un message", "Wait for a message"],
  ScriptTask: ["Calcul", "Calculation"], BusinessRuleTask: ["Décision par une table", "Decision by a table"], CallActivity: ["Appel d’un processus", "Call of a process"],
  SubProcess: ["Sous-processus", "Sub-process"], AdHocSubProcess: ["Sous-processus ad hoc", "Ad-hoc sub-process"], Transaction: ["Transaction", "Transaction"],
  StartEvent: ["Début", "Start"], EndEvent: ["Fin", "End"], BoundaryEvent: ["Événement au bord", "Event on the edge"],
  IntermediateCatchEvent: ["Attente", "Wait"], IntermediateThrowEvent: ["Émission", "Event"], ExclusiveGateway: ["Une seule voie", "One way only"],
  InclusiveGateway: ["Une ou plusieurs voies", "One or several ways"], ParallelGateway: ["Toutes les voies à la fois", "All ways at once"],
  EventBasedGateway: ["Le premier événement décide", "The first event decides"], ComplexGateway: ["Passerelle complexe", "Complex gateway"],
  SequenceFlow: ["Flèche", "Arrow"], Lane: ["Couloir", "Lane"], Participant: ["Participant", "Participant"], Process: ["Processus", "Process"],
  Collaboration: ["Processus", "Process"], TextAnnotation: ["Note", "Note"], Association: ["Lien", "Link"], MessageFlow: ["Échange", "Exchange"],
};

/** What an element is, in words. */
export function kindName(meaning: any): string {
  const found = KINDS[kind(meaning)];
  return found ? say(...found) : kind(meaning);
}
