/* What the server finds wrong with a draft while a file of it is being changed. It asks after a pause; an answer that was overtaken is dropped. */
import { post, type Hold, type Verdict } from "./server";

const PAUSE_MS = 700;

export interface Hearing { heard(verdict: Verdict): void; failed(error: unknown): void }

export class Judge {
  private waiting = 0;
  private asked = 0;

  constructor(private readonly holder: HTMLElement, private readonly hold: Hold, private readonly hearing: Hearing) {}

  /** Ask once nothing has changed for a moment. */
  soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), PAUSE_MS);
  }

  async look(): Promise<void> {
    const mine = ++this.asked;
    try {
      const verdict = await post<Verdict>(this.holder.dataset["check"] ?? "", { path: this.holder.dataset["path"], ...await this.hold() });
      if (mine !== this.asked) return;
      this.hearing.heard(verdict);
      this.holder.dataset["checked"] = String(mine);
    } catch (error) {
      if (mine === this.asked) this.hearing.failed(error);
    }
  }
}
