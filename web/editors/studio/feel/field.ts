/* A field for a FEEL expression: colours, offers while typing, the place of a fault. CodeMirror writes it, the engine's parser judges it. */
import { autocompletion, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { expressionLanguage } from "@bpmn-io/lang-feel";
import { tags } from "@lezer/highlight";
import type { FieldOptions } from "../fields";
import type { Words } from "../questions/asked";
import { fresh, h, icon } from "../words";
import { offers, PHRASES } from "./completion";
import { faults } from "./faults";

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], class: "feel-word" },
  { tag: [tags.string, tags.literal], class: "feel-text" }, { tag: [tags.number, tags.bool, tags.null], class: "feel-number" },
  { tag: [tags.special(tags.name), tags.function(tags.variableName), tags.function(tags.special(tags.name))], class: "feel-function" },
  { tag: tags.comment, class: "feel-note" },
]);

/** What a diagram may name changes only with the page: its offers are made once. */
const made = new WeakMap<Words, ReturnType<typeof offers>>();

function offersOf(words: Words): ReturnType<typeof offers> {
  const found = made.get(words) ?? offers(words);
  made.set(words, found);
  return found;
}

/** A FEEL expression; handed on when the field is left. */
export function feel(label: string, value: string, words: Words, set: (value: string) => void, options: FieldOptions = {}): HTMLElement {
  const id = fresh("feel");
  const fault = h("p", { class: "error", id: `${id}-fault`, role: "status" });
  const hint = options.hint ? h("p", { class: "hint", id: `${id}-hint` }, options.hint) : null;
  let last = value;
  const named = h("span", { class: "label", id: `${id}-label`, onclick: () => view.focus() }, label);
  const view: EditorView = new EditorView({
    state: EditorState.create({ doc: value, extensions: [
      history(), keymap.of([...defaultKeymap, ...historyKeymap]), EditorView.lineWrapping, bracketMatching(), expressionLanguage, syntaxHighlighting(COLOURS),
      autocompletion({ override: [offersOf(words)], icons: false, aboveCursor: false, maxRenderedOptions: 60 }), EditorState.phrases.of(PHRASES),
      options.placeholder ? placeholder(options.placeholder) : [],
      EditorView.contentAttributes.of({ "aria-labelledby": `${id}-label`, "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-fault`, spellcheck: "false", autocapitalize: "off",
        ...(options.key ? { "data-key": options.key } : {}) }),
      faults(words.expressionAddress, (found) => {
        fault.replaceChildren(...(found ? [icon("late"), h("span", {}, found.message)] : []));
        view.contentDOM.setAttribute("aria-invalid", String(Boolean(found)));
      }),
    ] }),
  });
  view.dom.addEventListener("focusout", (event) => {
    if (view.dom.contains((event as FocusEvent).relatedTarget as Node | null)) return;
    const text = view.state.doc.toString().trim().replace(/^=\s*/, "");
    if (text !== last) {
      last = text;
      set(text);
    }
  });
  // Escape closes the offers and nothing else
  view.dom.addEventListener("keydown", (event) => { if (event.key === "Escape" && completionStatus(view.state)) event.stopPropagation(); });
  return h("div", { class: "field feel-field" }, named, view.dom, hint, fault);
}
