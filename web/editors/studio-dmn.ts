/*
 * The editor of decision tables: dmn-js in our ink, problems at rows and cells, and the table tried beside it.
 * The mark of the library's makers stays in view, as its licence asks.
 */
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "../static/style/editor.css";
import Modeler from "dmn-js/lib/Modeler";
import { Judge } from "./studio/judge";
import { weightOf } from "./studio/problems/levels";
import { ProblemList, type Spot } from "./studio/problems/list";
import { fail, Saving } from "./studio/saving";
import { get, type Given, type Held, type Problem } from "./studio/server";
import { CellMarks, placesOf, type Place } from "./studio/tables/cells";
import { frenchTables, missing } from "./studio/tables/french";
import { Trial } from "./studio/tables/trial";
import { h, say } from "./studio/words";

const holder = document.querySelector<HTMLElement>("[data-editor=dmn]");
const views = document.querySelector<HTMLElement>("[data-views]");
const aside = document.querySelector<HTMLElement>("[data-try]");
if (holder && views && aside) begin(holder, views, aside).catch((error: unknown) => fail(holder, error));

const KNOWN = "https://www.omg.org/spec/DMN/20191111/MODEL/";
const VOCABULARY = /https:\/\/www\.omg\.org\/spec\/DMN\/20(21|23)\d{4}\/MODEL\//;

interface View { id?: string; type: string; name?: string; element: { id: string } }

async function begin(place: HTMLElement, list: HTMLElement, beside: HTMLElement): Promise<void> {
  const given = await get<Given>(place.dataset["data"] ?? "");
  const common = { additionalModules: [frenchTables] };
  const editor = new Modeler({ container: place, drd: common, decisionTable: common, literalExpression: common, boxedExpression: common } as never) as any;
  // the library reads DMN 1.3; the tables of later versions differ from it by nothing but the name of their vocabulary
  const written = VOCABULARY.exec(given.content)?.[0] ?? KNOWN;
  const load = (held: Held) => editor.importXML(held.content.replaceAll(written, KNOWN));
  await load(given);
  const hold = async (): Promise<Held> => ({ content: ((await editor.saveXML({ format: true })).xml as string).replaceAll(KNOWN, written) });
  const marks = new CellMarks();
  const trial = new Trial(beside, place, hold, (rules) => marks.hold(rules));
  const shown = new Views(editor, list, (decision) => trial.show(decision));
  const saving = new Saving(place, hold, given.revision, async (held) => {
    await load(held);
    await shown.open();
    changed();
  });
  const problems = listOf(place, editor, shown, marks);
  const judge = new Judge(place, hold, { heard: (verdict) => problems.show(verdict.problems), failed: (error) => { problems.failed(error); void saving.heard(error); } });
  const changed = () => { saving.touch(); judge.soon(); trial.soon(); };
  shown.listen(changed);
  await shown.open(location.hash ? decodeURIComponent(location.hash.slice(1)) : "");
  window.addEventListener("hashchange", () => void shown.open(decodeURIComponent(location.hash.slice(1))));
  await saving.begin(given);
  await judge.look();
  place.dataset["drawn"] = "yes";
  Object.assign(place, { misses: missing, editor });
}

/** The views of a file: the overview and one for each decision. */
class Views {
  private readonly heard = new WeakSet<object>();

  constructor(private readonly editor: any, private readonly list: HTMLElement, private readonly chosen: (decision: string) => void) {
    editor.on("views.changed", () => this.show());
  }

  /** Hear every change in any of them. */
  listen(changed: () => void): void {
    const hear = () => {
      const viewer = this.editor.getActiveViewer();
      if (!viewer || this.heard.has(viewer)) return;
      this.heard.add(viewer);
      viewer.on("commandStack.changed", changed);
    };
    this.editor.on("views.changed", hear);
    hear();
  }

  /** Open the view of a decision, or of what stands in one; else the first table. */
  async open(named = ""): Promise<void> {
    const all = this.editor.getViews() as View[];
    const decision = placesOf(this.editor.getDefinitions()).get(named)?.decision ?? named;
    await this.editor.open(all.find((view) => view.element.id === decision) ?? all.find((view) => view.type === "decisionTable") ?? all[0]);
    this.show();
  }

  private show(): void {
    const active = this.editor.getActiveView() as View | undefined;
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(...(this.editor.getViews() as View[]).map((view) => h("button", { type: "button", "aria-pressed": String(view === active), onclick: () => void this.editor.open(view) },
      view.type === "drd" ? say("Vue d’ensemble", "Overview") : view.name || view.element.id)));
    if (focused) this.list.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
    if (active && active.type !== "drd") this.chosen(active.element.id);
  }
}

/** What is wrong, in the list and at rows and cells. */
function listOf(place: HTMLElement, editor: any, shown: Views, marks: CellMarks) {
  const path = place.dataset["path"] ?? "";
  const list = new ProblemList(path, (problem) => spot(problem));
  const spot = (problem: Problem): Spot | null => {
    const found = placesOf(editor.getDefinitions()).get(problem.element);
    return found ? { name: found.name, go: () => void shown.open(found.decision).then(() => reach(place, problem.element, found)) } : null;
  };
  return {
    show: (problems: Problem[]) => {
      const places = placesOf(editor.getDefinitions());
      list.show(problems);
      marks.mark(problems.filter((one) => one.file === path).flatMap((one) => {
        const found = places.get(one.element);
        return found && found.shows !== "decision" ? [{ id: one.element, weight: weightOf(one.level), shows: found.shows }] : [];
      }));
    },
    failed: (error: unknown) => list.count(error instanceof Error ? error.message : String(error)),
  };
}

/** Take the reader to a cell, or to the first one of a row. */
function reach(place: HTMLElement, id: string, found: Place): void {
  const name = CSS.escape(id);
  const cell = place.querySelector<HTMLElement>(`[data-element-id="${name}"]`) ?? place.querySelector<HTMLElement>(found.shows === "row" ? `[data-row-id="${name}"].input-cell` : `[data-col-id="${name}"]`);
  cell?.scrollIntoView({ block: "center", inline: "nearest" });
  cell?.querySelector<HTMLElement>("[contenteditable]")?.focus();
}
