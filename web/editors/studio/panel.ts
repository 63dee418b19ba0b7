/*
 * The panel: what is chosen in the drawing, as questions in plain words. Each question opens to its fields; closed, it tells its answer.
 * What each kind of element is asked stands in questions/.
 * The panel is drawn anew after each change, but never under a finger: not while a pointer is down in it, and the field that has the focus
 * keeps it, caret and all.
 */
import type { Drawn, Drawing } from "./drawing";
import { isWhole, kindName } from "./kinds";
import { questionsFor, type Question, type Words } from "./questions";
import { h, icon, say } from "./words";

const FIRST = ["who", "handler", "decide", "timer", "event", "ways", "condition", "called", "script", "people", "milestones"];

export class Panel {
  private readonly open = new Set<string>(FIRST);
  private shown = "";
  private waiting = 0;
  private isPressed = false;

  constructor(private readonly place: HTMLElement, private readonly drawing: Drawing, private readonly words: Words) {
    drawing.modeler.on("selection.changed", () => this.soon());
    drawing.modeler.on("commandStack.changed", () => this.soon());
    place.addEventListener("pointerdown", () => { this.isPressed = true; });
    for (const what of ["pointerup", "pointercancel"]) document.addEventListener(what, () => { this.isPressed = false; });
    this.show();
  }

  /** Draw anew once the event at hand is over: a click or a Tab on its way must find its target. */
  soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => (this.isPressed ? this.soon() : this.show()), this.isPressed ? 40 : 0);
  }

  /** Bring the reader into the panel: after a choice in the list. */
  focus(): void {
    clearTimeout(this.waiting);
    this.show();
    this.place.querySelector<HTMLElement>("summary")?.focus();
  }

  private show(): void {
    const chosen = this.drawing.selection.get() as Drawn[];
    const focus = this.focused();
    const ids = chosen.map((one) => one.id).join(" ");
    const scrolled = ids === this.shown ? this.place.scrollTop : 0;
    this.shown = ids;
    if (chosen.length > 1) this.several(chosen);
    else this.one(chosen[0] ?? this.drawing.canvas.getRootElement());
    this.place.scrollTop = scrolled;
    focus?.();
  }

  /** What gives the focus back to the field that has it. */
  private focused(): (() => void) | null {
    const focus = this.place.contains(document.activeElement) ? document.activeElement as HTMLElement : null;
    const key = focus?.dataset["key"];
    if (!focus || !key) return null;
    const caret = focus instanceof HTMLInputElement && focus.type === "text" || focus instanceof HTMLTextAreaElement ? focus.selectionStart : null;
    return () => {
      const again = this.place.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      again?.focus({ preventScroll: true });
      if (caret !== null && (again instanceof HTMLInputElement || again instanceof HTMLTextAreaElement)) again.setSelectionRange(caret, caret);
    };
  }

  private several(chosen: Drawn[]): void {
    this.place.replaceChildren(h("h2", { id: "chosen" }, say(`${chosen.length} éléments choisis`, `${chosen.length} elements chosen`)),
      h("p", { class: "hint" }, say("Choisissez-en un seul pour répondre à ses questions.", "Choose a single one to answer its questions.")));
  }

  private one(element: Drawn): void {
    const shown = element.labelTarget ?? element;
    const meaning = shown.businessObject;
    const questions = questionsFor(shown, this.drawing, this.words);
    this.place.replaceChildren(
      h("p", { class: "tiny muted" }, kindName(meaning)),
      h("h2", { id: "chosen", "data-element": shown.id }, isWhole(meaning) ? say("Tout le processus", "The whole process") : this.words.english.name(meaning)),
      ...questions.map((question) => this.question(question)),
    );
  }

  private question(question: Question): HTMLElement {
    const details = h("details", { class: "ask", open: this.open.has(question.key), "data-question": question.key },
      h("summary", { "data-key": `ask-${question.key}` }, question.title, " ", icon("right"), h("small", {}, question.answer)),
      h("div", { class: "ask-body" }, ...question.body));
    details.addEventListener("toggle", () => (details.open ? this.open.add(question.key) : this.open.delete(question.key)));
    return details;
  }
}
