/* What is drawn as a list: for the keyboard, and for whoever does not see the picture. */
import type { Drawn, Drawing } from "./drawing";
import { kind } from "./drawing";
import { kindName } from "./panel";
import { h, say } from "./words";

export class Plan {
  constructor(private readonly place: HTMLElement, private readonly drawing: Drawing, private readonly chosen: () => void) {
    drawing.modeler.on("commandStack.changed", () => this.show());
    drawing.modeler.on("selection.changed", () => this.mark());
    this.show();
  }

  private show(): void {
    const focus = this.place.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["id"] : undefined;
    const all = h("li", {}, h("button", { type: "button", onclick: () => { this.drawing.selection.select([]); this.chosen(); } }, say("Tout le processus", "The whole process")));
    this.place.replaceChildren(all, ...this.inOrder().map((one) => h("li", {}, h("button", { type: "button", "data-id": one.id, onclick: () => { this.drawing.show(one.id); this.chosen(); } },
      one.businessObject.name || one.id, " ", h("small", {}, kindName(one.businessObject))))));
    this.mark();
    if (focus) this.place.querySelector<HTMLElement>(`[data-id="${CSS.escape(focus)}"]`)?.focus();
  }

  private mark(): void {
    const ids = new Set((this.drawing.selection.get() as Drawn[]).map((one) => one.id));
    for (const button of this.place.querySelectorAll<HTMLElement>("[data-id]")) {
      if (ids.has(button.dataset["id"])) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  /** From the starts along the arrows; what stands on an edge after its host; lanes last. */
  private inOrder(): Drawn[] {
    const every: Drawn[] = this.drawing.registry.filter((one: Drawn) => !one.labelTarget && !one.waypoints && one.businessObject && /Task$|Event$|Gateway$|SubProcess$|CallActivity|Transaction/.test(kind(one.businessObject)));
    const found = new Set<Drawn>();
    const ahead = every.filter((one) => !one.incoming.length && !one.host).sort((one, other) => one.x - other.x);
    while (ahead.length) {
      const one = ahead.shift();
      if (!one || found.has(one) || !every.includes(one)) continue;
      found.add(one);
      ahead.unshift(...one.outgoing.map((flow: Drawn) => flow.target), ...(one.attachers ?? []));
    }
    const lanes = this.drawing.registry.filter((one: Drawn) => one.type === "bpmn:Lane");
    return [...found, ...every.filter((one) => !found.has(one)), ...lanes];
  }
}
