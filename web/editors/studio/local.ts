/*
 * Work that is not saved yet, kept in this browser: for a log-in that has run out, a network that is gone, a tab that was closed.
 * One copy for a person and a file; it goes when its content has been saved, when it is put aside, and after a month.
 */
import type { Held } from "./server";

const PREFIX = "jalon.draft.";
const KEPT_MS = 31 * 24 * 3600 * 1000;

/** `revision`: the one the work began from; `at`: when it was kept, in milliseconds. */
export interface Copy { held: Held; revision: number; at: number }

export class Local {
  private readonly key: string;

  constructor(holder: HTMLElement) {
    this.key = `${PREFIX}${holder.dataset["by"]}.${holder.dataset["save"]}.${holder.dataset["path"]}`;
    this.forgetOld();
  }

  /** Keep it. Returns: whether the browser could. */
  keep(held: Held, revision: number): boolean {
    try {
      localStorage.setItem(this.key, JSON.stringify({ held, revision, at: Date.now() } satisfies Copy));
      return true;
    } catch {
      return false;
    }
  }

  found(): Copy | null {
    try {
      const copy = JSON.parse(localStorage.getItem(this.key) ?? "null") as Copy | null;
      return copy && typeof copy.held?.content === "string" ? copy : null;
    } catch {
      return null;
    }
  }

  forget(): void {
    localStorage.removeItem(this.key);
  }

  private forgetOld(): void {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      try {
        if (Date.now() - (JSON.parse(localStorage.getItem(key) ?? "{}") as Copy).at > KEPT_MS) localStorage.removeItem(key);
      } catch {
        localStorage.removeItem(key);
      }
    }
  }
}
