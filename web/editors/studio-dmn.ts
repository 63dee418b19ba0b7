/*
 * The editor of decision tables: dmn-js in our ink. The table as the file writes it; the server judges it while it is changed.
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
import { frenchTables, missing } from "./studio/french-tables";
import { Judge } from "./studio/judge";
import { fail, Saving } from "./studio/saving";
import { get } from "./studio/server";
import { h, say } from "./studio/words";

const holder = document.querySelector<HTMLElement>("[data-editor=dmn]");
const views = document.querySelector<HTMLElement>("[data-views]");
if (holder && views) begin(holder, views).catch((error: unknown) => fail(holder, error));

const KNOWN = "https://www.omg.org/spec/DMN/20191111/MODEL/";
const VOCABULARY = /https:\/\/www\.omg\.org\/spec\/DMN\/20(21|23)\d{4}\/MODEL\//;

interface View { id?: string; type: string; name?: string; element: { id: string } }

async function begin(place: HTMLElement, list: HTMLElement): Promise<void> {
  const { content } = await get<{ content: string }>(place.dataset["data"] ?? "");
  const common = { additionalModules: [frenchTables] };
  const editor = new Modeler({ container: place, drd: common, decisionTable: common, literalExpression: common, boxedExpression: common } as never) as any;
  // the library reads DMN 1.3; the tables of later versions differ from it by nothing but the name of their vocabulary
  const written = VOCABULARY.exec(content)?.[0] ?? KNOWN;
  await editor.importXML(content.replaceAll(written, KNOWN));
  const xml = async () => ((await editor.saveXML({ format: true })).xml as string).replaceAll(KNOWN, written);
  const saving = new Saving(place, xml);
  saving.begin(await xml());
  const judge = new Judge(place, xml);
  const changed = () => { saving.touch(); judge.soon(); };
  const heard = new WeakSet<object>();
  const listen = () => {
    const viewer = editor.getActiveViewer();
    if (viewer && !heard.has(viewer)) {
      heard.add(viewer);
      viewer.on("commandStack.changed", changed);
    }
    list.replaceChildren(...(editor.getViews() as View[]).map((view) => h("button", { type: "button", "aria-pressed": String(view === editor.getActiveView()), onclick: () => void editor.open(view) },
      view.type === "drd" ? say("Vue d’ensemble", "Overview") : view.name || view.element.id)));
  };
  editor.on("views.changed", listen);
  const named = location.hash ? decodeURIComponent(location.hash.slice(1)) : "";
  const found = (editor.getViews() as View[]);
  await editor.open(found.find((view) => view.element.id === named) ?? found.find((view) => view.type === "decisionTable") ?? found[0]);
  listen();
  await judge.look();
  place.dataset["drawn"] = "yes";
  Object.assign(place, { misses: missing });
}
