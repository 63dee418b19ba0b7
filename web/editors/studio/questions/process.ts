/* What the whole process is asked: its first form, the title of a case, its milestones, its names. */
import { feel } from "../feel/field";
import { text } from "../fields";
import { h, isFrench, say } from "../words";
import { nameIn, type Asked, type Question } from "./asked";
import { chooseForm } from "./forms";

interface Milestone { id: string; name: string; nameEn: string }

export function wholeProcess(asked: Asked): Question[] {
  const { element, drawing, words } = asked;
  const process = drawing.processOf(asked.meaning);
  if (!process) return [];
  const set = (property: string) => (value: string) => drawing.setInside(element, process, { [property]: value || undefined });
  const start = String(process.get("jalon:startForm") ?? "");
  const english = words.english.of(process);
  return [
    { key: "form", title: say("Quel formulaire pour commencer ?", "Which form to begin with?"), answer: start ? nameIn(words.forms, start) : say("Aucun", "None"),
      body: [...chooseForm(words, start, set("jalon:startForm"), "startForm"),
        feel(say("Titre d’un dossier", "Title of a case"), String(process.get("jalon:title") ?? ""), words, set("jalon:title"), { key: "title" })] },
    milestones(asked),
    { key: "name", title: say("Nom", "Name"), answer: english ? say(`En anglais : ${english}`, `In French: ${process.name ?? ""}`) : say("Pas encore de nom anglais", "No English name yet"),
      body: [text(say("Nom en français", "Name in French"), process.name ?? "", set("name"), { key: "p-name", lang: "fr" }),
        text(say("Nom en anglais", "Name in English"), english, (value) => words.english.write(drawing, element, process, value), { key: "p-nameEn", lang: "en" }),
        h("p", { class: "hint" }, say("Identifiant : ", "Identifier: "), h("span", { class: "mono" }, process.id))] },
  ];
}

function milestones(asked: Asked): Question {
  const { element, drawing } = asked;
  const process = drawing.processOf(asked.meaning);
  const own: Milestone[] = drawing.own(process, "jalon:Milestone").map((one) => ({ id: one.id ?? "", name: one.name ?? "", nameEn: one.nameEn ?? "" }));
  const write = (lines: Milestone[]) => drawing.setOwn(element, process, "jalon:Milestone", lines.filter((line) => line.id).map((line) => ({ ...line })));
  const changed = (at: number, change: Partial<Milestone>) => write(own.map((one, i) => i === at ? { ...one, ...change } : one));
  return { key: "milestones", title: say("Quels jalons ?", "Which milestones?"), answer: own.map((one) => (isFrench ? "" : one.nameEn) || one.name || one.id).join(", ") || say("Aucun", "None"),
    body: [...own.map((line, at) => h("fieldset", { class: "studio-way" }, h("legend", {}, (isFrench ? "" : line.nameEn) || line.name || line.id),
      text(say("Nom en français", "Name in French"), line.name, (value) => changed(at, { name: value }), { key: `ms-fr-${line.id}`, lang: "fr" }),
      text(say("Nom en anglais", "Name in English"), line.nameEn, (value) => changed(at, { nameEn: value }), { key: `ms-en-${line.id}`, lang: "en" }),
      h("p", { class: "row" },
        h("button", { class: "button button-quiet", type: "button", "data-key": `ms-up-${line.id}`, disabled: at === 0, onclick: () => write(swapped(own, at)) }, say("Monter", "Move up"), h("span", { class: "visually-hidden" }, ` ${line.name || line.id}`)),
        h("button", { class: "button button-quiet", type: "button", "data-key": `ms-cut-${line.id}`, onclick: () => write(own.filter((_, i) => i !== at)) }, say("Enlever", "Take away"), h("span", { class: "visually-hidden" }, ` ${line.name || line.id}`))))),
    text(say("Ajouter un jalon", "Add a milestone"), "", (value) => { if (/^[a-z][a-z0-9_]*$/.test(value)) write([...own, { id: value, name: value, nameEn: "" }]); },
      { key: "ms-add", hint: say("Son identifiant : lettres minuscules, chiffres, tirets bas.", "Its identifier: small letters, digits, underscores.") })] };
}

function swapped<T>(lines: T[], at: number): T[] {
  const copy = [...lines];
  const [one, other] = [copy[at - 1], copy[at]];
  if (one !== undefined && other !== undefined) [copy[at - 1], copy[at]] = [other, one];
  return copy;
}
