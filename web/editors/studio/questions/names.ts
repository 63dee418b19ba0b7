/* What it is called in both languages, the note for colleagues, and the milestone it reaches. */
import { choose, longText, text } from "../fields";
import { h, isFrench, say } from "../words";
import { get, nameIn, put, type Asked, type Question } from "./asked";

export function name(asked: Asked): Question {
  const { element, meaning, drawing, words } = asked;
  const note = meaning.documentation?.[0]?.text ?? "";
  const english = words.english.of(meaning);
  return { key: "name", title: say("Nom et note", "Name and note"), answer: english ? say(`En anglais : ${english}`, `In French: ${meaning.name ?? ""}`) : say("Pas encore de nom anglais", "No English name yet"),
    body: [
      text(say("Nom en français", "Name in French"), meaning.name ?? "", (value) => drawing.set(element, { name: value }), { key: "name", lang: "fr" }),
      text(say("Nom en anglais", "Name in English"), english, (value) => words.english.write(drawing, element, meaning, value), { key: "nameEn", lang: "en" }),
      longText(say("Note pour les collègues", "Note for colleagues"), note, (value) => drawing.set(element, { documentation: value ? [drawing.factory.create("bpmn:Documentation", { text: value })] : [] }), { key: "note" }),
      h("p", { class: "hint" }, say("Identifiant : ", "Identifier: "), h("span", { class: "mono" }, meaning.id)),
    ] };
}

export function milestone(asked: Asked): Question {
  const choices = asked.drawing.own(asked.drawing.processOf(asked.meaning), "jalon:Milestone").map((one) => ({ id: one.id as string, name: ((isFrench ? "" : one.nameEn) || one.name || one.id) as string }));
  const value = get(asked.meaning, "milestone");
  return { key: "milestone", title: say("Quel jalon ?", "Which milestone?"), answer: value ? nameIn(choices, value) : say("Aucun", "None"),
    body: [choose(say("Jalon atteint en arrivant ici", "Milestone reached on arriving here"), choices, value, say("Aucun", "None"), put(asked, "milestone"), { key: "milestone",
      hint: choices.length ? undefined : say("Les jalons se nomment dans « Tout le processus ».", "Milestones are named under “The whole process”.") })] };
}
