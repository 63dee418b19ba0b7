/*
 * The list of what was found, beside what is being changed: of this file first, the rest of the draft folded below.
 * F8 goes to the next one, Shift F8 to the one before; so do the two buttons.
 */
import type { Problem } from "../server";
import { count, h, icon, say } from "../words";
import { ORDER, sign, weightOf } from "./levels";

/** Where a problem of this file is: what it is called, and the way there. */
export interface Spot { name: string; go: () => void }

export class ProblemList {
  private at = -1;
  private readonly list = document.querySelector<HTMLElement>("[data-problems]");
  private spots: (Spot | null)[] = [];

  constructor(private readonly path: string, private readonly find: (problem: Problem) => Spot | null) {
    document.addEventListener("keydown", (event) => {
      if (event.key === "F8") {
        event.preventDefault();
        this.step(event.shiftKey ? -1 : 1);
      }
    });
    for (const button of document.querySelectorAll<HTMLElement>("[data-problem-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset["problemStep"])));
    }
  }

  /** Show what was found, the heaviest first. */
  show(problems: Problem[]): void {
    const sorted = [...problems].sort((one, other) => ORDER.indexOf(weightOf(one.level)) - ORDER.indexOf(weightOf(other.level)));
    const here = sorted.filter((one) => one.file === this.path);
    const elsewhere = sorted.filter((one) => one.file !== this.path);
    const focused = this.list?.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    const wasOpen = this.list?.querySelector("details")?.open ?? false;
    this.at = -1;
    this.spots = here.map((one) => this.find(one));
    this.list?.replaceChildren(...here.map((one, at) => this.line(one, this.spots[at] ?? null, at)),
      ...(here.length ? [] : [h("li", { class: "studio-none" }, say("Rien à dire de ce fichier.", "Nothing to say about this file."))]), ...(elsewhere.length ? [this.rest(elsewhere, wasOpen)] : []));
    this.count(this.told(here));
    if (focused) this.list?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  /** Say in place of the numbers why there are none. */
  count(words: string): void {
    const place = document.querySelector("[data-problems-count]");
    if (place && place.textContent !== words) place.textContent = words;
  }

  /** Show the line of an element and take the reader to it. */
  point(element: string): void {
    const line = this.list?.querySelector<HTMLElement>(`[data-element="${CSS.escape(element)}"]`);
    line?.scrollIntoView({ block: "nearest" });
    line?.querySelector<HTMLElement>("button, a")?.focus();
  }

  private told(problems: Problem[]): string {
    const number = (which: string) => problems.filter((one) => weightOf(one.level) === which).length;
    const hints = number("hint");
    return [say(`${number("wrong")} à corriger`, `${number("wrong")} to mend`), count(number("remark"), ["remarque", "remark"], ["remarques", "remarks"]),
      hints ? count(hints, ["conseil", "hint"], ["conseils", "hints"]) : ""].filter(Boolean).join(", ");
  }

  private line(problem: Problem, spot: Spot | null, at: number): HTMLElement {
    const go = () => { this.at = at; spot?.go(); };
    const where = spot ? h("button", { type: "button", class: "studio-link", "data-key": `problem-${problem.element}-${problem.code}`, onclick: go }, spot.name) : named(problem);
    return h("li", { "data-element": problem.element }, sign(weightOf(problem.level)),
      h("span", {}, where, where && say(" : ", ": "), problem.message, h("small", {}, problem.remedy)));
  }

  private rest(problems: Problem[], open: boolean): HTMLElement {
    return h("li", { class: "studio-elsewhere" }, h("details", { class: "why", open }, h("summary", {}, icon("right"), " ",
      say(`Ailleurs dans le brouillon (${problems.length})`, `Elsewhere in the draft (${problems.length})`)),
    h("ul", { class: "problems" }, ...problems.map((one) => h("li", {}, sign(weightOf(one.level)), h("span", {}, elsewhere(one), say(" : ", ": "), one.message, h("small", {}, one.remedy)))))));
  }

  private step(by: number): void {
    const reachable = this.spots.map((spot, at) => ({ spot, at })).filter((one): one is { spot: Spot; at: number } => Boolean(one.spot));
    if (!reachable.length) return;
    const next = by > 0 ? reachable.find((one) => one.at > this.at) ?? reachable[0] : [...reachable].reverse().find((one) => one.at < this.at) ?? reachable.at(-1);
    if (!next) return;
    this.at = next.at;
    this.list?.querySelectorAll("[aria-current]").forEach((line) => line.removeAttribute("aria-current"));
    const line = this.list?.children[next.at] as HTMLElement | undefined;
    line?.setAttribute("aria-current", "true");
    line?.scrollIntoView({ block: "nearest" });
    next.spot.go();
  }
}

function named(problem: Problem): HTMLElement | null {
  return problem.element ? h("span", { class: "mono" }, problem.element) : null;
}

function elsewhere(problem: Problem): HTMLElement {
  const name = [problem.file, problem.element].filter(Boolean).join(", ");
  return problem.address ? h("a", { href: problem.address }, name) : h("span", { class: "mono" }, name);
}
