/*
 * What is drawn as a list: for the keyboard, and for whoever does not see the picture. The list follows every change at once; the sentence
 * under a name is the outline that readers of the process get, as the server tells it, a moment later.
 */
import type { Drawn, Drawing } from "./drawing";
import { kind } from "./drawing";
import type { English } from "./english";
import { kindName } from "./kinds";
import { h, say } from "./words";

const STEP = /Task$|Event$|Gateway$|SubProcess$|^CallActivity$|^Transaction$/;

export class Plan {
  private told: Record<string, string[]> = {};

  constructor(private readonly place: HTMLElement, private readonly drawing: Drawing, private readonly english: English, private readonly chosen: () => void) {
    drawing.modeler.on("commandStack.changed", () => this.show());
    drawing.modeler.on("selection.changed", () => this.mark());
    this.show();
  }

  /** Take over what the server says of each element. */
  tell(told: Record<string, string[]>): void {
    this.told = told;
    this.show();
  }

  private show(): void {
    const focus = this.place.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["id"] : undefined;
    const scrolled = this.place.scrollTop;
    const all = h("li", {}, h("button", { type: "button", "data-id": "", onclick: () => { this.drawing.selection.select([]); this.chosen(); } }, say("Tout le processus", "The whole process")));
    this.place.replaceChildren(all, ...this.inOrder().map((one) => this.line(one)));
    this.mark();
    this.place.scrollTop = scrolled;
    if (focus !== undefined) this.place.querySelector<HTMLElement>(`[data-id="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  private line(one: Drawn): HTMLElement {
    const ways = (this.told[one.id] ?? []).filter((line) => line.startsWith("→"));
    return h("li", {}, h("button", { type: "button", "data-id": one.id, onclick: () => { this.drawing.show(one.id); this.chosen(); } },
      this.english.name(one.businessObject), " ", h("small", {}, kindName(one.businessObject))), ...(ways.length ? [h("p", { class: "studio-ways" }, ways.join(" · "))] : []));
  }

  private mark(): void {
    const ids = new Set((this.drawing.selection.get() as Drawn[]).map((one) => one.id));
    for (const button of this.place.querySelectorAll<HTMLElement>("[data-id]")) {
      const is = button.dataset["id"] ? ids.has(button.dataset["id"]) : !ids.size;
      if (is) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  /** From the starts along the arrows; what stands on an edge after its host; lanes last. */
  private inOrder(): Drawn[] {
    const every: Drawn[] = this.drawing.registry.filter((one: Drawn) => !one.labelTarget && !one.waypoints && one.businessObject && STEP.test(kind(one.businessObject)));
    const there = new Set(every);
    const found = new Set<Drawn>();
    const ahead = every.filter((one) => !one.incoming.length && !one.host).sort((one, other) => one.x - other.x);
    while (ahead.length) {
      const one = ahead.shift();
      if (!one || found.has(one) || !there.has(one)) continue;
      found.add(one);
      ahead.unshift(...one.outgoing.map((flow: Drawn) => flow.target), ...(one.attachers ?? []));
    }
    const lanes = this.drawing.registry.filter((one: Drawn) => one.type === "bpmn:Lane");
    return [...found, ...every.filter((one) => !found.has(one)), ...lanes];
  }
}
