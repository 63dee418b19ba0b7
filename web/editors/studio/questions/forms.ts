/* With which form: choose one, open it, begin a new one. */
import { feel } from "../feel/field";
import { choose, text } from "../fields";
import type { Choice } from "../server";
import { fresh, h, icon, say } from "../words";
import { get, nameIn, put, type Asked, type Question, type Words } from "./asked";

const KEY = /^[a-z][a-z0-9_]*$/;

export function form(asked: Asked): Question {
  const { meaning, words } = asked;
  const key = get(meaning, "form");
  return { key: "form", title: say("Quel formulaire ?", "Which form?"), answer: key ? nameIn(words.forms, key) : say("Aucun", "None"),
    body: [
      ...chooseForm(words, key, put(asked, "form"), "form"),
      text(say("Les réponses vont dans", "The answers go into"), get(meaning, "result"), put(asked, "result"), { key: "result",
        hint: say("Une variable, par exemple judgement. Vide : chaque réponse sous son propre nom.", "A variable, such as judgement. Empty: each answer under its own name.") }),
      feel(say("Laquelle, quand il y en a plusieurs ?", "Which one, when there are several?"), get(meaning, "subject"), words, put(asked, "subject"), { key: "subject",
        hint: say("Un texte pour les gens, quand la même tâche existe plusieurs fois.", "A text for people, when the same task exists several times.") }),
    ] };
}

/** The choice of a form, the way to it, and a new one. */
export function chooseForm(words: Words, key: string, set: (key: string) => void, field: string): HTMLElement[] {
  const known = words.forms.some((one) => one.id === key);
  return [
    choose(say("Formulaire", "Form"), words.forms.map(shown), key, say("Aucun formulaire", "No form"), set, { key: field }),
    ...(known ? [h("p", {}, h("a", { href: words.addressOf(`${key}.form.json`), target: "_blank" }, icon("pen"), " ", say("Ouvrir le formulaire dans un autre onglet", "Open the form in another tab")))] : []),
    begin(words, set),
  ];
}

function shown(one: Choice): Choice {
  return { ...one, name: one.name === one.id ? one.id : `${one.name} (${one.id})` };
}

/** A new form is a file of the draft; it is there as soon as it has a name. */
function begin(words: Words, set: (key: string) => void): HTMLElement {
  const id = fresh("new-form");
  const name = h("input", { id, class: "mono", "data-key": "new-form", "aria-describedby": `${id}-hint`, placeholder: "follow_up" });
  const fault = h("p", { class: "error", role: "status" });
  const add = async () => {
    const key = name.value.trim();
    if (!KEY.test(key) || words.forms.some((one) => one.id === key)) {
      fault.textContent = words.forms.some((one) => one.id === key) ? say("Ce nom est pris.", "This name is taken.") : say("Lettres minuscules, chiffres, tirets bas.", "Small letters, digits, underscores.");
      name.focus();
      return;
    }
    try {
      await words.create(`${key}.form.json`, `${JSON.stringify({ schemaVersion: 19, type: "default", id: key, components: [] }, null, 2)}\n`);
    } catch (error) {
      fault.textContent = error instanceof Error ? error.message : String(error);
      return;
    }
    words.forms.push({ id: key, name: key });
    set(key);
  };
  return h("details", { class: "ask-more" }, h("summary", { "data-key": "new-form-open" }, say("Un nouveau formulaire", "A new form")),
    h("div", { class: "field" }, h("label", { for: id }, say("Son nom dans le brouillon", "Its name in the draft")), h("div", { class: "row" }, name,
      h("button", { class: "button", type: "button", onclick: () => void add() }, say("Créer", "Create"))),
    h("p", { class: "hint", id: `${id}-hint` }, say("Lettres minuscules, chiffres, tirets bas.", "Small letters, digits, underscores.")), fault));
}
