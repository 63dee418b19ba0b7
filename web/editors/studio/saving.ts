/*
 * Keeping a draft: the button, Ctrl S, what was said last, and the three ways in which saving can fail without anything being lost:
 * a colleague has saved since, the log-in has run out, the server is not reached.
 */
import { Local } from "./local";
import { get, post, Refused, Unreached, type Given, type Held, type Hold } from "./server";
import { h, icon, isFrench, say } from "./words";

const KEEP_AFTER_MS = 400;
const SAVE = "button[data-save]";

export class Saving {
  private saved = "";
  private busy = false;
  private waiting = 0;
  private isDirty = false;
  private readonly local: Local;

  /** `restore` puts a copy kept in this browser back into the editor. */
  constructor(private readonly holder: HTMLElement, private readonly hold: Hold, private revision: number, private readonly restore: (held: Held) => Promise<void>) {
    this.local = new Local(holder);
    document.querySelector(SAVE)?.addEventListener("click", () => void this.save());
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

  /** The content as it came from the server: from here on a difference is a change. Offers what this browser kept. */
  async begin(given: Given): Promise<void> {
    this.saved = written(await this.hold());
    const copy = this.local.found();
    if (!copy) return;
    if (written(copy.held) === this.saved) this.local.forget();
    else this.offer(copy.held, copy.revision, new Date(copy.at), given);
  }

  /** Something was drawn or typed: said at once, kept in this browser a moment later. */
  touch(): void {
    if (!this.isDirty) {
      this.isDirty = true;
      this.tell(say("Modifications non enregistrées", "Unsaved changes"));
    }
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.keep(), KEEP_AFTER_MS);
  }

  /** Keep what is there. What is still being typed counts: the field that has the focus gives it up first. */
  async save(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const back = leaveField();
    try {
      const held = await this.hold();
      if (written(held) !== this.saved) {
        const answer = await post<{ revision: number; said: string }>(this.holder.dataset["save"] ?? "", { revision: this.revision, files: { [this.holder.dataset["path"] ?? ""]: held.content }, english: held.english });
        this.revision = answer.revision;
        this.saved = written(held);
        this.tell(answer.said);
      } else this.tell(say("Rien de nouveau à enregistrer", "Nothing new to save"));
      this.clean();
      this.warn(null);
    } catch (error) {
      await this.keep();
      this.warn(error);
    } finally {
      this.busy = false;
      back();
    }
  }

  /** Put a new file into the draft at once; what is on the screen is saved on its own. */
  async add(path: string, content: string): Promise<void> {
    const answer = await post<{ revision: number; said: string }>(this.holder.dataset["save"] ?? "", { revision: this.revision, files: { [path]: content } });
    this.revision = answer.revision;
  }

  /** What the judge or a preview met: a log-in that has run out is told once, here. */
  async heard(error: unknown): Promise<void> {
    if (!(error instanceof Refused && error.isLoggedOut)) return;
    await this.keep();
    this.warn(error);
  }

  private async keep(): Promise<void> {
    clearTimeout(this.waiting);
    const held = await this.hold();
    if (written(held) === this.saved) {
      if (this.isDirty) this.tell(say("Rien de nouveau à enregistrer", "Nothing new to save"));
      this.clean();
    } else if (this.local.keep(held, this.revision)) this.tell(say("Pas encore enregistré ; gardé dans ce navigateur", "Not saved yet; kept in this browser"));
  }

  private clean(): void {
    clearTimeout(this.waiting);
    this.isDirty = false;
    this.local.forget();
  }

  private tell(words: string): void {
    const said = document.querySelector<HTMLElement>("[data-said]");
    if (said && said.textContent !== words) said.textContent = words;
  }

  private notice(...content: (Node | string | false)[]): HTMLElement | null {
    const place = document.querySelector<HTMLElement>("[data-refused]");
    const box = h("div", { class: "notice is-warn", role: "alert" }, icon("alert"), h("div", {}, ...content));
    place?.replaceChildren(box);
    return place;
  }

  /** Say why it was not kept. What is on the screen stays there. */
  private warn(error: unknown): void {
    if (!error) {
      document.querySelector("[data-refused]")?.replaceChildren();
      return;
    }
    const words = error instanceof Error ? error.message : String(error);
    this.tell(say("Pas enregistré ; gardé dans ce navigateur", "Not saved; kept in this browser"));
    if (error instanceof Refused && error.status === 409) this.conflict(words);
    else if (error instanceof Refused && error.isLoggedOut) this.loggedOut(error);
    else if (error instanceof Unreached) this.notice(h("p", {}, words, " ", say("Votre travail est gardé dans ce navigateur.", "Your work is kept in this browser.")), this.again());
    else this.notice(h("p", {}, words));
  }

  private again(): HTMLElement {
    return h("p", { class: "row" }, h("button", { class: "button", type: "button", onclick: () => void this.save() }, say("Réessayer d’enregistrer", "Try to save again")));
  }

  private loggedOut(error: Refused): void {
    this.notice(
      h("p", {}, h("b", {}, say("Votre session a pris fin.", "Your session has ended.")), " ",
        say("Rien n’est perdu : votre travail reste à l’écran, et une copie est gardée dans ce navigateur.", "Nothing is lost: your work stays on the screen, and a copy is kept in this browser.")),
      h("p", { class: "row" }, h("a", { class: "button", href: error.logIn || "/login", target: "_blank" }, say("Se connecter dans un autre onglet", "Log in in another tab")),
        h("button", { class: "button button-main", type: "button", onclick: () => void this.save() }, say("C’est fait : enregistrer", "Done: save"))));
  }

  private conflict(words: string): void {
    const differences = this.holder.dataset["differences"];
    this.notice(h("p", {}, words),
      h("p", {}, say("Ce que vous avez fait est encore à l’écran. ", "What you did is still on the screen. "),
        h("a", { href: location.pathname, target: "_blank" }, say("Ouvrir la version enregistrée dans un autre onglet", "Open what was saved in another tab")),
        differences ? " · " : "", differences ? h("a", { href: differences, target: "_blank" }, say("Voir ce qui a changé", "See what has changed")) : ""),
      h("p", { class: "row" }, h("button", { class: "button", type: "button", onclick: () => void this.overwrite() }, say("Enregistrer le mien par-dessus", "Save mine over it"))));
  }

  /** After the conflict was read: take the newest revision as seen. Their save stays in the record of the draft. */
  private async overwrite(): Promise<void> {
    try {
      this.revision = (await get<Given>(this.holder.dataset["data"] ?? "")).revision;
    } catch (error) {
      this.warn(error);
      return;
    }
    await this.save();
  }

  /** What this browser kept and nobody saved: go on with it, or put it aside. */
  private offer(held: Held, revision: number, at: Date, given: Given): void {
    const when = new Intl.DateTimeFormat(isFrench ? "fr-FR" : "en-GB", { dateStyle: "long", timeStyle: "short" }).format(at);
    const place = this.notice(
      h("p", {}, say(`Ce navigateur garde un travail non enregistré du ${when}.`, `This browser keeps work of ${when} that was not saved.`),
        revision !== given.revision && ` ${say(`Depuis, le brouillon a été enregistré (${given.saved}).`, `The draft has been saved since (${given.saved}).`)}`),
      h("p", { class: "row" },
        h("button", { class: "button button-main", type: "button", "data-resume": true, onclick: () => void this.resume(held, revision, place) }, say("Reprendre ce travail", "Go on with it")),
        h("button", { class: "button", type: "button", "data-put-aside": true, onclick: () => { this.local.forget(); place?.replaceChildren(); } }, say("L’écarter", "Put it aside"))));
  }

  /** Its revision stays the one it began from: had somebody saved since, saving it tells so first. */
  private async resume(held: Held, revision: number, place: HTMLElement | null): Promise<void> {
    place?.replaceChildren();
    await this.restore(held);
    this.revision = revision;
    this.touch();
  }
}

/** An editor's whole content as one text, to compare. */
function written(held: Held): string {
  return JSON.stringify([held.content, held.english ?? null]);
}

/** Take the focus out of its field, so that what is typed counts. Returns: what brings it back, also into a field drawn anew. */
function leaveField(): () => void {
  const focus = document.activeElement as HTMLElement | null;
  const key = focus?.dataset["key"];
  focus?.blur();
  return () => {
    if (!focus || focus === document.body || document.activeElement !== document.body) return;
    const again = focus.isConnected ? focus : key ? document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) : null;
    again?.focus({ preventScroll: true });
  };
}

/** An editor that could not begin says so, with the reason, in place of an empty frame. */
export function fail(holder: HTMLElement, error: unknown): void {
  document.querySelector("[data-refused]")?.replaceChildren(h("div", { class: "notice is-risk", role: "alert" }, icon("alert"), h("p", {},
    say("Ce fichier ne s’ouvre pas ici : ", "This file does not open here: "), error instanceof Error ? error.message : String(error))));
  holder.hidden = true;
}
