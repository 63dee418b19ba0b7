/* The English texts of a form, one field beside each French text. */
import { fresh, h, icon, say } from "../words";
import type { FormTexts, Line, Schema, Told } from "./texts";

const PARTS: Record<string, [string, string]> = {
  label: ["Libellé", "Label"], description: ["Aide", "Help"], text: ["Texte", "Text"], message: ["Ce qui est dit quand ce n’est pas juste", "What is said when it is not right"],
  rule: ["Règle", "Rule"], prefix: ["Devant le champ", "Before the field"], suffix: ["Derrière le champ", "After the field"],
};

export class EnglishTexts {
  constructor(private readonly place: HTMLElement, private readonly texts: FormTexts, private readonly schema: () => Schema, private readonly changed: () => void) {}

  show(): void {
    const told = this.texts.told(this.schema());
    const missing = told.flatMap((one) => one.lines).filter((line) => !line.english).length;
    this.place.replaceChildren(
      h("p", { class: missing ? "state is-warn" : "state is-done" }, icon(missing ? "alert" : "done"),
        missing ? say(`${missing} texte${missing > 1 ? "s" : ""} sans anglais ; le français s’y montre.`, `${missing} text${missing > 1 ? "s" : ""} without English; the French shows there.`) : say("Tout est traduit.", "Everything is translated.")),
      ...told.map((one) => this.component(one)));
  }

  private component(one: Told): HTMLElement {
    return h("fieldset", { class: "studio-english" }, h("legend", {}, one.title, " ", h("span", { class: "mono muted" }, one.key)), ...one.lines.map((line) => this.line(one, line)));
  }

  private line(one: Told, line: Line): HTMLElement {
    const id = fresh("en");
    const name = PARTS[line.part];
    const write = (value: string) => { this.texts.write(one.id, line.part, value); this.changed(); };
    const long = line.french.length > 70 || line.french.includes("\n");
    const field = long ? h("textarea", { id, lang: "en", rows: 2, "data-key": `${one.key}/${line.part}`, oninput: () => write((field as HTMLTextAreaElement).value) })
      : h("input", { id, lang: "en", type: "text", value: line.english, "data-key": `${one.key}/${line.part}`, oninput: () => write((field as HTMLInputElement).value) });
    if (long) (field as HTMLTextAreaElement).value = line.english;
    return h("div", { class: "studio-pair" }, h("p", { class: "second", lang: "fr" }, h("small", { class: "hint", lang: document.documentElement.lang }, name ? say(...name) : say("Choix", "Choice")), line.french),
      h("div", {}, h("label", { for: id, class: "visually-hidden" }, say(`En anglais : ${line.french}`, `In English: ${line.french}`)), field));
  }
}
