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
  /** What is different from another drawing: added, changed, removed. */
  changes?: Record<string, string>;
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
  // the wheel belongs to the page; the drawing is moved by hand, by arrow keys, and by its buttons
  const viewer = new NavigatedViewer({ container: holder, zoomScroll: { enabled: false } } as never);
  await viewer.importXML(await answer.text());
  name(viewer, marks.names);
  mark(viewer, marks);
  const canvas = viewer.get("canvas") as any;
  fit(canvas);
  look(canvas, marks);
  steer(holder, canvas);
  holder.dataset["drawn"] = "yes";
}

/** All of the drawing, with a margin. */
function fit(canvas: any): void {
  canvas.zoom("fit-viewport", "auto");
  const { inner, outer, scale } = canvas.viewbox();
  const wanted = Math.min((outer.width - 48) / inner.width, (outer.height - 48) / inner.height, 1);
  if (wanted < scale) canvas.zoom(wanted);
  const box = canvas.viewbox();
  canvas.viewbox({ ...box, x: inner.x - (box.width - inner.width) / 2, y: inner.y - (box.height - inner.height) / 2 });
}

/** The buttons, and the arrow keys on the drawing. */
function steer(holder: HTMLElement, canvas: any): void {
  const frame = holder.parentElement;
  const tools = frame?.querySelector<HTMLElement>(".diagram-tools");
  if (!frame || !tools) return;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const asked = (event.target as Element).closest<HTMLElement>("[data-zoom]")?.dataset["zoom"];
    if (asked === "fit") fit(canvas);
    else if (asked) canvas.zoom(canvas.zoom() * (asked === "in" ? 1.3 : 1 / 1.3), "auto");
  });
  const ways: Record<string, { dx: number; dy: number }> = {
    ArrowLeft: { dx: 60, dy: 0 }, ArrowRight: { dx: -60, dy: 0 }, ArrowUp: { dx: 0, dy: 60 }, ArrowDown: { dx: 0, dy: -60 },
  };
  frame.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (!way || event.target !== frame) return;
    event.preventDefault();
    canvas.scroll(way);
  });
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
  for (const [id, word] of Object.entries(marks.changes ?? {})) add(id, `is-${word}`);
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
    // `done` is in order: a flow that leads back is not told apart from one that was never taken, so it stays unmarked
    const [from, to] = [marks.done?.indexOf(sourceRef.id) ?? -1, marks.done?.indexOf(targetRef.id) ?? -1];
    if (from >= 0 && (to > from || marks.active?.[targetRef.id])) canvas.addMarker(flow.id, "is-done");
  }
}

/** A drawing too large to be read whole is shown from where the case stands. */
function look(canvas: any, marks: Marks): void {
  const [first] = Object.keys(marks.active ?? {});
  if (canvas.zoom() >= 0.5 || !first) return;
  canvas.zoom(0.7);
  canvas.scrollToElement(first, { top: 140, bottom: 140, left: 300, right: 300 });
}
