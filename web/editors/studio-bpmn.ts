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
import { English } from "./studio/english";
import { french, misses } from "./studio/french";
import { hintsOf } from "./studio/hints/lint";
import { Judge } from "./studio/judge";
import { jalon } from "./studio/moddle";
import { Panel } from "./studio/panel";
import { Plan } from "./studio/plan";
import { ProblemList } from "./studio/problems/list";
import { Marks } from "./studio/problems/marks";
import type { Words } from "./studio/questions";
import { fail, Saving } from "./studio/saving";
import { get, type Given, type Held, type Problem, type Verdict } from "./studio/server";

const holder = document.querySelector<HTMLElement>("[data-editor=bpmn]");
const panel = document.querySelector<HTMLElement>("[data-panel]");
const plan = document.querySelector<HTMLElement>("[data-plan]");
if (holder && panel && plan) begin(holder, panel, plan).catch((error: unknown) => fail(holder, error));

async function begin(place: HTMLElement, questions: HTMLElement, list: HTMLElement): Promise<void> {
  const given = await get<Given>(place.dataset["data"] ?? "");
  const modeler = new Modeler({ container: place, moddleExtensions: { jalon }, additionalModules: [french], keyboard: { bind: true },
    bpmnRenderer: { defaultFillColor: "var(--surface)", defaultStrokeColor: "var(--ink-2)", defaultLabelColor: "var(--ink)" } } as never);
  await modeler.importXML(given.content);
  const drawing = new Drawing(modeler);
  const english = new English(given.english as Record<string, string>, () => changed());
  const hold = async (): Promise<Held> => ({ content: (await modeler.saveXML({ format: true })).xml ?? "", english: english.held });
  const saving = new Saving(place, hold, given.revision, async (held) => {
    await modeler.importXML(held.content);
    english.restore(held.english);
    fit(drawing);
    changed();
  });
  const words: Words = { ...given.vocabulary, english, expressionAddress: place.dataset["expression"] ?? "",
    addressOf: (path) => (place.dataset["form"] ?? "").replace("FILE", encodeURIComponent(path)), create: (path, content) => saving.add(path, content) };
  const asking = new Panel(questions, drawing, words);
  const found = problems(place, drawing, english, asking);
  const told = new Plan(list, drawing, english, () => asking.focus());
  const judge = new Judge(place, hold, { heard: (verdict) => { found.heard(verdict); told.tell(verdict.plan); }, failed: (error) => { found.failed(error); void saving.heard(error); } });
  const changed = () => { saving.touch(); judge.soon(); void found.style(); asking.soon(); };
  drawing.modeler.on("commandStack.changed", changed);
  await saving.begin(given);
  fit(drawing);
  tools(drawing);
  follow(drawing);
  await Promise.all([judge.look(), found.style()]);
  place.dataset["drawn"] = "yes";
  // what the catalogue lacks, for the test that looks
  Object.assign(place, { misses, modeler });
}

/** What is wrong, at the elements and in the list: the server's word and, as a third weight, advice on style. */
function problems(place: HTMLElement, drawing: Drawing, english: English, asking: Panel) {
  const path = place.dataset["path"] ?? "";
  const list = new ProblemList(path, (problem) => {
    const element = drawing.registry.get(problem.element);
    return element ? { name: english.name(element.businessObject), go: () => { drawing.show(problem.element); asking.focus(); } } : null;
  });
  const marks = new Marks(drawing, (element) => list.point(element));
  let verdict: Problem[] = [];
  let hints: Problem[] = [];
  const show = () => {
    // where the server has something to say, advice on style waits
    const heavy = new Set(verdict.filter((one) => one.file === path).map((one) => one.element));
    const every = [...verdict, ...hints.filter((one) => !heavy.has(one.element))];
    list.show(every);
    marks.show(every.filter((one) => one.file === path));
  };
  return {
    heard: (heard: Verdict) => { verdict = heard.problems; show(); },
    failed: (error: unknown) => list.count(error instanceof Error ? error.message : String(error)),
    style: async () => { hints = await hintsOf(drawing.definitions, path); show(); },
  };
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

/** The buttons above the drawing: one step back, one on, larger, smaller, all of it. */
function tools(drawing: Drawing): void {
  const act: Record<string, () => void> = {
    undo: () => drawing.commands.undo(), redo: () => drawing.commands.redo(), fit: () => fit(drawing),
    in: () => drawing.modeler.get("zoomScroll").stepZoom(1), out: () => drawing.modeler.get("zoomScroll").stepZoom(-1),
  };
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-tool]")];
  for (const button of buttons) button.addEventListener("click", () => act[button.dataset["tool"] ?? ""]?.());
  const mark = () => {
    for (const button of buttons) {
      const can = button.dataset["tool"] === "undo" ? drawing.commands.canUndo() : button.dataset["tool"] === "redo" ? drawing.commands.canRedo() : true;
      button.setAttribute("aria-disabled", String(!can));
    }
  };
  drawing.modeler.on("commandStack.changed", mark);
  mark();
}

/** An address may name an element: a problem or a condition leads here. */
function follow(drawing: Drawing): void {
  const go = () => { if (location.hash) drawing.show(decodeURIComponent(location.hash.slice(1))); };
  go();
  window.addEventListener("hashchange", go);
}
