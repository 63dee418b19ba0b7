/* What was found, at the elements of a drawing: a coloured edge, and a badge with icon and word that leads to the line in the list. */
import type { Drawing } from "../drawing";
import type { Problem } from "../server";
import { count, h, say } from "../words";
import { ORDER, sign, weightOf, wordOf, type Weight } from "./levels";

const LAYER = "problem";
const CLASSES: Record<Weight, string> = { wrong: "has-problem", remark: "has-remark", hint: "has-hint" };

export class Marks {
  private marked: [string, string][] = [];

  constructor(private readonly drawing: Drawing, private readonly chosen: (element: string) => void) {}

  show(problems: Problem[]): void {
    for (const [id, word] of this.marked) if (this.drawing.registry.get(id)) this.drawing.canvas.removeMarker(id, word);
    this.drawing.overlays.remove({ type: LAYER });
    this.marked = [];
    const of = new Map<string, Problem[]>();
    for (const one of problems) if (this.drawing.registry.get(one.element)) of.set(one.element, [...of.get(one.element) ?? [], one]);
    for (const [id, found] of of) this.mark(id, found);
  }

  private mark(id: string, found: Problem[]): void {
    const weight = ORDER.find((one) => found.some((problem) => weightOf(problem.level) === one)) ?? "hint";
    this.drawing.canvas.addMarker(id, CLASSES[weight]);
    this.marked.push([id, CLASSES[weight]]);
    const element = this.drawing.registry.get(id);
    if (element.parent && element !== this.drawing.canvas.getRootElement()) this.drawing.overlays.add(id, LAYER, { position: place(element), html: this.badge(id, weight, found), show: { minZoom: 0.3 } });
  }

  private badge(id: string, weight: Weight, found: Problem[]): HTMLElement {
    const name = this.drawing.registry.get(id).businessObject.name || id;
    const told = found.length > 1 ? count(found.length, ["point", "point"], ["points", "points"]) : found[0]?.message ?? "";
    return h("button", { type: "button", class: `studio-badge ${CLASSES[weight]}`, title: told, "aria-label": `${wordOf(weight)}${say(" : ", ": ")}${name}. ${told}`, onclick: () => this.chosen(id) },
      sign(weight, true), found.length > 1 ? h("span", { class: "num" }, String(found.length)) : null);
  }
}

/** Above the element; of an arrow in its middle. */
function place(element: any): Record<string, number> {
  if (!element.waypoints) return { top: -13, left: 6 };
  const [from, to] = [element.waypoints[0], element.waypoints.at(-1)];
  const left = Math.min(...element.waypoints.map((point: any) => point.x));
  const top = Math.min(...element.waypoints.map((point: any) => point.y));
  return { left: (from.x + to.x) / 2 - left - 10, top: (from.y + to.y) / 2 - top - 12 };
}
