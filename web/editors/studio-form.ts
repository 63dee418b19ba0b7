/*
 * The editor of forms: form-js in our ink; its English texts; and the form as people will meet it, drawn by the server.
 * The mark of the library's makers stays in view, as its licence asks.
 */
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "../static/style/editor.css";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { EnglishTexts } from "./studio/forms/english";
import { frenchComponents, misses, speakFrench } from "./studio/forms/french";
import { Preview } from "./studio/forms/preview";
import { FormTexts, type Entry } from "./studio/forms/texts";
import { Judge } from "./studio/judge";
import { ProblemList } from "./studio/problems/list";
import { fail, Saving } from "./studio/saving";
import { get, type Given, type Held } from "./studio/server";

const holder = document.querySelector<HTMLElement>("[data-editor=form]");
if (holder) begin(holder).catch((error: unknown) => fail(holder, error));

async function begin(place: HTMLElement): Promise<void> {
  const given = await get<Given>(place.dataset["data"] ?? "");
  const path = place.dataset["path"] ?? "";
  speakFrench();
  const editor = new FormEditor({ container: place, additionalModules: [frenchComponents] } as never) as any;
  await editor.importSchema(JSON.parse(given.content));
  const texts = new FormTexts(path.replace(/\.form\.json$/, ""), given.english as Record<string, Entry>, editor.saveSchema());
  const hold = async (): Promise<Held> => ({ content: `${JSON.stringify(editor.saveSchema(), null, 2)}\n`, english: texts.held(editor.saveSchema()) });
  const saving = new Saving(place, hold, given.revision, async (held) => {
    await editor.importSchema(JSON.parse(held.content));
    texts.restore(held.english, editor.saveSchema());
    changed();
  });
  const list = new ProblemList(path, (problem) => {
    const field = editor.get("formFieldRegistry").get(problem.element);
    return field ? { name: field.label || field.key || field.id, go: () => { faces.turn("build"); editor.get("selection").set(field); } } : null;
  });
  const judge = new Judge(place, hold, { heard: (verdict) => list.show(verdict.problems), failed: (error) => { list.count(error instanceof Error ? error.message : String(error)); void saving.heard(error); } });
  const changed = () => { saving.touch(); judge.soon(); faces.changed(); };
  const english = new EnglishTexts(side("english"), texts, () => editor.saveSchema(), () => { saving.touch(); judge.soon(); });
  const preview = new Preview(side("preview"), place, hold);
  const faces = new Faces({ build: () => undefined, english: () => english.show(), preview: () => void preview.look() });
  editor.on("changed", changed);
  await saving.begin(given);
  await judge.look();
  follow(editor);
  place.dataset["drawn"] = "yes";
  Object.assign(place, { misses, editor });
}

function side(name: string): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-face=${name}]`) ?? document.createElement("div");
}

/** The three faces of a form: build it, its English texts, how it will look. One is seen at a time. */
class Faces {
  private shown = "build";

  constructor(private readonly show: Record<string, () => void>) {
    for (const button of document.querySelectorAll<HTMLElement>("[data-turn]")) button.addEventListener("click", () => this.turn(button.dataset["turn"] ?? "build"));
  }

  turn(name: string): void {
    this.shown = name;
    for (const button of document.querySelectorAll<HTMLElement>("[data-turn]")) button.setAttribute("aria-pressed", String(button.dataset["turn"] === name));
    for (const face of document.querySelectorAll<HTMLElement>("[data-face]")) face.hidden = face.dataset["face"] !== name;
    this.show[name]?.();
  }

  /** The form itself has changed. */
  changed(): void {
    if (this.shown !== "build") this.show[this.shown]?.();
  }
}

/** An address may name a component: a problem leads here. */
function follow(editor: any): void {
  const go = () => {
    const field = editor.get("formFieldRegistry").get(decodeURIComponent(location.hash.slice(1)));
    if (field) editor.get("selection").set(field);
  };
  if (location.hash) go();
  window.addEventListener("hashchange", go);
}
