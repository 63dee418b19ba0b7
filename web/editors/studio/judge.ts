/* What the server finds wrong with a file that is being changed, listed with its remedy; for editors without a drawing to mark. */
import { post, type Problem } from "./server";
import { h, icon, say } from "./words";

const PAUSE_MS = 700;

export class Judge {
  private waiting = 0;
  private asked = 0;

  constructor(private readonly holder: HTMLElement, private readonly content: () => Promise<string>) {}

  soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), PAUSE_MS);
  }

  /** Ask; an answer that has been overtaken is dropped. */
  async look(): Promise<void> {
    const mine = ++this.asked;
    try {
      const { problems } = await post<{ problems: Problem[] }>(this.holder.dataset["check"] ?? "", { path: this.holder.dataset["path"], content: await this.content() });
      if (mine === this.asked) this.show(problems);
    } catch (error) {
      this.count(error instanceof Error ? error.message : String(error));
    }
  }

  private show(problems: Problem[]): void {
    const wrong = problems.filter((one) => one.level !== "warning").length;
    const remarks = problems.length - wrong;
    this.count(say(`${wrong} à corriger, ${remarks} remarque${remarks > 1 ? "s" : ""}`, `${wrong} to mend, ${remarks} remark${remarks === 1 ? "" : "s"}`));
    document.querySelector("[data-problems]")?.replaceChildren(...problems.map((one) => h("li", {},
      h("span", { class: one.level === "warning" ? "is-warn" : "is-risk" }, icon("alert"), h("span", { class: "visually-hidden" }, one.level === "warning" ? say("Remarque", "Remark") : say("À corriger", "To mend"))),
      h("span", {}, h("span", { class: "mono" }, [one.file, one.element].filter(Boolean).join(", ")), say("\u00a0: ", ": "), one.message, h("small", {}, one.remedy)))));
    this.holder.dataset["checked"] = String(this.asked);
  }

  private count(words: string): void {
    const place = document.querySelector("[data-problems-count]");
    if (place) place.textContent = words;
  }
}
