/* Problems while drawing: the server judges the draft as it stands, the elements are marked, each problem names its remedy. */
import type { Drawing } from "./drawing";
import { post, type Problem } from "./server";
import { h, icon, say } from "./words";

const PAUSE_MS = 700;

export class Problems {
  private waiting = 0;
  private asked = 0;
  private marked: [string, string][] = [];

  constructor(private readonly holder: HTMLElement, private readonly drawing: Drawing, private readonly content: () => Promise<string>, private readonly chosen: () => void) {
    drawing.modeler.on("commandStack.changed", () => this.soon());
    void this.look();
  }

  private soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), PAUSE_MS);
  }

  /** Ask; an answer that has been overtaken is dropped. */
  private async look(): Promise<void> {
    const mine = ++this.asked;
    try {
      const { problems } = await post<{ problems: Problem[] }>(this.holder.dataset["check"] ?? "", { path: this.holder.dataset["path"], content: await this.content() });
      if (mine === this.asked) this.show(problems);
    } catch (error) {
      this.count(error instanceof Error ? error.message : String(error));
    }
  }

  private show(problems: Problem[]): void {
    for (const [id, word] of this.marked) if (this.drawing.registry.get(id)) this.drawing.canvas.removeMarker(id, word);
    const path = this.holder.dataset["path"];
    this.marked = problems.filter((one) => one.file === path && this.drawing.registry.get(one.element)).map((one) => [one.element, one.level === "warning" ? "has-remark" : "has-problem"]);
    for (const [id, word] of this.marked) this.drawing.canvas.addMarker(id, word);
    const wrong = problems.filter((one) => one.level !== "warning").length;
    this.count(say(`${wrong} à corriger, ${problems.length - wrong} remarque${problems.length - wrong > 1 ? "s" : ""}`, `${wrong} to mend, ${problems.length - wrong} remark${problems.length - wrong === 1 ? "" : "s"}`));
    document.querySelector("[data-problems]")?.replaceChildren(...problems.map((one) => this.line(one, path === one.file)));
    this.holder.dataset["checked"] = String(this.asked);
  }

  private line(problem: Problem, here: boolean): HTMLElement {
    const element = here ? this.drawing.registry.get(problem.element) : undefined;
    const sign = h("span", { class: problem.level === "warning" ? "is-warn" : "is-risk" }, icon("alert"), h("span", { class: "visually-hidden" }, problem.level === "warning" ? say("Remarque", "Remark") : say("À corriger", "To mend")));
    const where = element
      ? h("button", { type: "button", class: "studio-link", onclick: () => { this.drawing.show(problem.element); this.chosen(); } }, element.businessObject.name || problem.element)
      : problem.address && !here ? h("a", { href: problem.address }, `${problem.file}, ${problem.element}`) : h("span", { class: "mono" }, [problem.file, problem.element].filter(Boolean).join(", "));
    return h("li", {}, sign, h("span", {}, where, say("\u00a0: ", ": "), problem.message, h("small", {}, problem.remedy)));
  }

  private count(words: string): void {
    const place = document.querySelector("[data-problems-count]");
    if (place) place.textContent = words;
  }
}
