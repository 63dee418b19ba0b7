/*
 * The editor of diagrams: bpmn-js with Jalon's vocabulary, a panel of questions, problems while drawing, and the drawing as a list.
 * The mark of the library's makers stays in view, as its licence asks.
 */
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "../static/style/viewer.css";
import "../static/style/editor.css";
import Modeler from "bpmn-js/lib/Modeler";
import { Drawing } from "./studio/drawing";
import { french, misses } from "./studio/french";
import { jalon } from "./studio/moddle";
import { Panel } from "./studio/panel";
import { Plan } from "./studio/plan";
import { Problems } from "./studio/problems";
import { fail, Saving } from "./studio/saving";
import { get, type Vocabulary } from "./studio/server";
import { h } from "./studio/words";

const holder = document.querySelector<HTMLElement>("[data-editor=bpmn]");
const panel = document.querySelector<HTMLElement>("[data-panel]");
const plan = document.querySelector<HTMLElement>("[data-plan]");
if (holder && panel && plan) begin(holder, panel, plan).catch((error: unknown) => fail(holder, error));

async function begin(place: HTMLElement, questions: HTMLElement, list: HTMLElement): Promise<void> {
  const { content, vocabulary } = await get<{ content: string; vocabulary: Vocabulary }>(place.dataset["data"] ?? "");
  const modeler = new Modeler({ container: place, moddleExtensions: { jalon }, additionalModules: [french], keyboard: { bind: true } } as never);
  await modeler.importXML(content);
  const drawing = new Drawing(modeler);
  const xml = async () => (await modeler.saveXML({ format: true })).xml ?? "";
  const saving = new Saving(place, xml);
  saving.begin(await xml());
  drawing.modeler.on("commandStack.changed", () => saving.touch());
  document.body.append(h("datalist", { id: "studio-variables" }, ...vocabulary.variables.map((one) => h("option", { value: one }))));
  const asking = new Panel(questions, drawing, vocabulary);
  new Plan(list, drawing, () => asking.focus());
  new Problems(place, drawing, xml, () => asking.focus());
  fit(drawing);
  follow(drawing);
  place.dataset["drawn"] = "yes";
  // what the catalogue lacks, for the test that looks
  Object.assign(place, { misses, modeler });
}

/** All of the drawing, beside the palette. */
function fit(drawing: Drawing): void {
  drawing.canvas.zoom("fit-viewport", "auto");
  const box = drawing.canvas.viewbox();
  if (box.scale < 0.45) {
    drawing.canvas.zoom(0.6);
    drawing.canvas.viewbox({ ...drawing.canvas.viewbox(), x: box.inner.x - 120, y: box.inner.y - 30 });
  } else drawing.canvas.scroll({ dx: 40, dy: 0 });
}

/** An address may name an element: a problem or a condition leads here. */
function follow(drawing: Drawing): void {
  const go = () => { if (location.hash) drawing.show(decodeURIComponent(location.hash.slice(1))); };
  go();
  window.addEventListener("hashchange", go);
}
