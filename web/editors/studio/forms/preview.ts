/* A form as people will meet it: the server draws it, in either language, with the answers that are typed in to see what depends on them. */
import { post, type Hold } from "../server";
import { h, icon, isFrench, say } from "../words";

const PAUSE_MS = 400;

export class Preview {
  private language = isFrench ? "fr" : "en";
  private waiting = 0;
  private asked = 0;
  private values: [string, string][] = [];
  private readonly shown = h("form", { class: "studio-preview", novalidate: true, "data-preview-form": true });

  constructor(private readonly place: HTMLElement, private readonly holder: HTMLElement, private readonly hold: Hold) {
    const languages = h("div", { class: "switch", role: "group", "aria-label": say("Langue de l’aperçu", "Language of the preview") },
      ...([["fr", "Français"], ["en", "English"]] as const).map(([id, name]) => h("button", { type: "button", lang: id, "aria-pressed": String(id === this.language), "data-language": id, onclick: () => this.speak(id) }, name)));
    place.replaceChildren(languages, h("p", { class: "hint" }, say("Tel que les gens le verront. Ce que vous y tapez ne va nulle part.", "As people will see it. What you type here goes nowhere.")), this.shown);
    this.shown.addEventListener("submit", (event) => event.preventDefault());
    this.shown.addEventListener("change", () => {
      this.values = [...new FormData(this.shown).entries()].map(([name, value]) => [name, String(value)]);
      void this.look();
    });
    this.shown.addEventListener("click", (event) => this.pressed(event));
  }

  soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), PAUSE_MS);
  }

  async look(): Promise<void> {
    const mine = ++this.asked;
    try {
      const { html } = await post<{ html: string }>(this.holder.dataset["preview"] ?? "", { path: this.holder.dataset["path"], ...await this.hold(), language: this.language, values: this.values });
      if (mine !== this.asked) return;
      const focus = (document.activeElement as HTMLElement | null)?.id;
      this.shown.lang = this.language;
      // the server's own markup, from the templates that draw tasks
      this.shown.innerHTML = html;
      if (focus) this.shown.querySelector<HTMLElement>(`#${CSS.escape(focus)}`)?.focus();
    } catch (error) {
      if (mine === this.asked) this.shown.replaceChildren(h("p", { class: "error" }, icon("late"), " ", error instanceof Error ? error.message : String(error)));
    }
  }

  private speak(language: string): void {
    this.language = language;
    for (const button of this.place.querySelectorAll<HTMLElement>("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset["language"] === language));
    void this.look();
  }

  /** Buttons of lists send a form elsewhere; here they do nothing. */
  private pressed(event: Event): void {
    if ((event.target as Element).closest("button[name^=_]")) event.preventDefault();
  }
}
