/* Keeping a draft: the button, Ctrl S, what was said last, and the conflict when a colleague has saved since. */
import { post, Refused } from "./server";
import { h, icon, say } from "./words";

/** What an editor gives to be kept: its whole content as text. */
export type Content = () => Promise<string>;

export class Saving {
  private revision: number;
  private saved = "";
  private busy = false;

  constructor(private readonly holder: HTMLElement, private readonly content: Content) {
    this.revision = Number(holder.dataset["revision"]);
    document.querySelector("[data-save]")?.addEventListener("click", () => void this.save());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        void this.save();
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  private isDirty = false;

  /** The content as it came from the server: from here on a difference is a change. */
  begin(content: string): void {
    this.saved = content;
  }

  /** Something was drawn or typed. */
  touch(): void {
    if (this.isDirty) return;
    this.isDirty = true;
    this.tell(say("Modifications non enregistrées", "Unsaved changes"));
  }

  /** Keep what is there. What is still being typed counts: the field that has the focus gives it up first. */
  async save(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const focus = document.activeElement as HTMLElement | null;
    focus?.blur();
    try {
      const content = await this.content();
      if (content !== this.saved) {
        const path = this.holder.dataset["path"] ?? "";
        const answer = await post<{ revision: number; said: string }>(this.holder.dataset["save"] ?? "", { revision: this.revision, files: { [path]: content } });
        this.revision = answer.revision;
        this.saved = content;
        this.tell(answer.said);
      } else this.tell(say("Rien de nouveau à enregistrer", "Nothing new to save"));
      this.isDirty = false;
      this.warn(null);
    } catch (error) {
      this.warn(error);
    } finally {
      this.busy = false;
      if (focus?.isConnected && focus !== document.body) focus.focus({ preventScroll: true });
    }
  }

  private tell(words: string): void {
    const said = document.querySelector<HTMLElement>("[data-said]");
    if (said) said.textContent = words;
  }

  /** Say why it was not kept. What is on the screen stays there. */
  private warn(error: unknown): void {
    const place = document.querySelector<HTMLElement>("[data-refused]");
    if (!place) return;
    place.replaceChildren();
    if (!error) return;
    const conflict = error instanceof Refused && error.status === 409;
    const words = error instanceof Error ? error.message : String(error);
    this.tell(say("Pas enregistré", "Not saved"));
    const differences = this.holder.dataset["differences"];
    place.append(h("div", { class: "notice is-warn", role: "alert" }, icon("alert"), h("div", {},
      h("p", {}, words),
      conflict && h("p", {}, say("Ce que vous avez fait est encore à l’écran. ", "What you did is still on the screen. "),
        h("a", { href: location.pathname, target: "_blank" }, say("Ouvrir la version enregistrée dans un autre onglet", "Open what was saved in another tab")),
        differences ? " · " : "", differences ? h("a", { href: differences, target: "_blank" }, say("Voir ce qui a changé", "See what has changed")) : null),
      conflict && h("p", {}, h("button", { class: "button", type: "button", onclick: () => void this.overwrite() },
        say("Enregistrer le mien par-dessus", "Save mine over it"))))));
  }

  /** After the conflict was read: take the newest revision as seen. Their save stays in the record of the draft. */
  private async overwrite(): Promise<void> {
    const answer = await fetch(this.holder.dataset["data"] ?? "", { credentials: "same-origin" });
    this.revision = (await answer.json() as { revision: number }).revision;
    await this.save();
  }
}

/** An editor that could not begin says so, with the reason, in place of an empty frame. */
export function fail(holder: HTMLElement, error: unknown): void {
  document.querySelector("[data-refused]")?.append(h("div", { class: "notice is-risk", role: "alert" }, icon("alert"), h("p", {},
    say("Ce fichier ne s’ouvre pas ici : ", "This file does not open here: "), error instanceof Error ? error.message : String(error))));
  holder.hidden = true;
}
