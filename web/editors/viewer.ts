/*
 * The diagram of a case: the drawing as its owner drew it, with what is done, what waits and what is late marked on it.
 * The page carries the same as a text outline; this picture is for those who see it.
 */
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "../static/style/viewer.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

interface Marks {
  done: string[];
  active: Record<string, number>;
  late: string[];
  names: Record<string, string>;
}

for (const holder of document.querySelectorAll<HTMLElement>("[data-diagram]")) {
  draw(holder).catch((error: unknown) => {
    holder.dataset["failed"] = String(error);
    holder.hidden = true;
  });
}

async function draw(holder: HTMLElement): Promise<void> {
  const answer = await fetch(holder.dataset["diagram"] ?? "", { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  const marks = JSON.parse(holder.dataset["marks"] ?? "{}") as Marks;
  const viewer = new NavigatedViewer({ container: holder });
  await viewer.importXML(await answer.text());
  name(viewer, marks.names);
  mark(viewer, marks);
  const canvas = viewer.get("canvas") as any;
  canvas.zoom("fit-viewport", "auto");
  look(canvas, marks);
  holder.dataset["drawn"] = "yes";
}

/** Show the names of the reader's language. */
function name(viewer: NavigatedViewer, names: Record<string, string> = {}): void {
  const registry = viewer.get("elementRegistry") as any;
  const graphics = viewer.get("graphicsFactory") as any;
  for (const [id, text] of Object.entries(names)) {
    for (const element of [registry.get(id), registry.get(`${id}_label`)]) {
      if (!element) continue;
      element.businessObject.name = text;
      graphics.update(element.waypoints ? "connection" : "shape", element, registry.getGraphics(element));
    }
  }
}

function mark(viewer: NavigatedViewer, marks: Marks): void {
  const canvas = viewer.get("canvas") as any;
  const registry = viewer.get("elementRegistry") as any;
  const overlays = viewer.get("overlays") as any;
  const add = (id: string, word: string) => registry.get(id) && canvas.addMarker(id, word);
  for (const id of marks.done ?? []) add(id, "is-done");
  for (const [id, count] of Object.entries(marks.active ?? {})) {
    const late = marks.late?.includes(id);
    add(id, late ? "is-late" : "is-active");
    if (!registry.get(id)) continue;
    const badge = document.createElement("span");
    badge.className = late ? "token is-late" : "token";
    badge.textContent = String(count);
    overlays.add(id, { position: { top: -11, right: 11 }, html: badge });
  }
  for (const flow of registry.filter((element: any) => element.waypoints && element.type === "bpmn:SequenceFlow")) {
    const { sourceRef, targetRef } = flow.businessObject;
    const reached = marks.done?.includes(targetRef.id) || marks.active?.[targetRef.id];
    if (marks.done?.includes(sourceRef.id) && reached) canvas.addMarker(flow.id, "is-done");
  }
}

/** A drawing too wide to be read whole is shown from where the case stands. */
function look(canvas: any, marks: Marks): void {
  if (canvas.zoom() >= 0.45) return;
  const [first] = Object.keys(marks.active ?? {});
  canvas.zoom(0.6);
  if (first) canvas.scrollToElement(first, { top: 120, bottom: 120, left: 300, right: 300 });
}
