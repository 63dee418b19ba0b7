/* A table tried beside it: type values, see which rows hold and what comes out. The engine evaluates; nothing is kept. */
import { post, type Hold } from "../server";
import { fresh, h, icon, say } from "../words";

const PAUSE_MS = 350;

interface Ask { name: string; label: string; type: string; choices: string[]; offers: string[] }
interface Match { decision: string; rule: number; ruleId: string; annotation: string; outputs: Record<string, string> }
interface Result { value: string; matched: Match[]; faults: string[] }
interface Answer { asks: Ask[]; result: Result | null }

export class Trial {
  private readonly values: Record<string, string> = {};
  private decision = "";
  private drawn = "";
  private waiting = 0;
  private asked = 0;
  private readonly fields = h("div", { "data-asks": true });
  private readonly result = h("div", { role: "status", "data-result": true });

  /** `rows` hears which rows hold, so that the table shows them. */
  constructor(private readonly place: HTMLElement, private readonly holder: HTMLElement, private readonly hold: Hold, private readonly rows: (rules: string[]) => void) {
    place.replaceChildren(h("h2", {}, say("Essayer la table", "Try the table")),
      h("p", { class: "hint" }, say("Donnez des valeurs : les lignes qui s’appliquent se marquent.", "Give values: the rows that hold are marked.")), this.fields, this.result);
  }

  /** Try another decision. */
  show(decision: string): void {
    this.decision = decision;
    this.drawn = "";
    void this.look();
  }

  soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), PAUSE_MS);
  }

  private async look(): Promise<void> {
    if (!this.decision) return;
    const mine = ++this.asked;
    try {
      const held = await this.hold();
      const answer = await post<Answer>(this.holder.dataset["decide"] ?? "", { path: this.holder.dataset["path"], content: held.content, decision: this.decision, values: this.values });
      if (mine === this.asked) this.told(answer);
    } catch (error) {
      if (mine === this.asked) this.result.replaceChildren(h("p", { class: "error" }, icon("late"), " ", error instanceof Error ? error.message : String(error)));
    }
  }

  private told(answer: Answer): void {
    const drawn = JSON.stringify(answer.asks);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.fields.replaceChildren(...answer.asks.map((one) => this.field(one)),
        ...(answer.asks.length ? [] : [h("p", { class: "hint" }, say("Cette décision ne demande rien.", "This decision asks for nothing."))]));
    }
    this.rows(answer.result?.matched.map((one) => one.ruleId) ?? []);
    this.result.replaceChildren(...(answer.result ? this.outcome(answer.result) : []));
  }

  private outcome(result: Result): HTMLElement[] {
    const mine = result.matched.filter((one) => one.decision === this.decision);
    const rows = mine.length ? say(`Ligne ${mine.map((one) => one.rule).join(", ")}`, `Row ${mine.map((one) => one.rule).join(", ")}`) : say("Aucune ligne ne s’applique.", "No row holds.");
    const notes = mine.map((one) => one.annotation).filter(Boolean);
    return [h("p", { class: mine.length ? "state is-done" : "state is-warn" }, icon(mine.length ? "done" : "alert"), rows),
      h("dl", { class: "facts" }, h("dt", {}, say("Résultat", "Result")), h("dd", { class: "mono" }, result.value)), ...notes.map((note) => h("p", { class: "hint" }, note)),
      ...result.faults.map((fault) => h("p", { class: "error" }, icon("late"), " ", fault))];
  }

  private field(one: Ask): HTMLElement {
    const id = fresh("try");
    const set = (value: string) => { this.values[one.name] = value; this.soon(); };
    const value = this.values[one.name] ?? "";
    const hint = one.label === one.name ? null : h("p", { class: "hint mono", id: `${id}-h` }, one.name);
    return h("div", { class: "field" }, h("label", { for: id }, one.label), control(one, id, value, set), hint);
  }
}

function control(one: Ask, id: string, value: string, set: (value: string) => void): HTMLElement {
  const choices = one.type === "boolean" ? ["true", "false"] : one.choices;
  if (choices.length) {
    const names: Record<string, string> = one.type === "boolean" ? { true: say("oui", "yes"), false: say("non", "no") } : {};
    const select = h("select", { id, name: one.name, onchange: () => set(select.value) }, h("option", { value: "" }, "–"), ...choices.map((each) => h("option", { value: each }, names[each] ?? each)));
    select.value = value;
    return select;
  }
  const list = h("datalist", { id: `${id}-list` }, ...one.offers.map((each) => h("option", { value: each })));
  const input = h("input", { id, name: one.name, value, type: one.type === "date" ? "date" : "text", inputmode: one.type === "number" ? "decimal" : undefined, autocomplete: "off",
    list: one.offers.length && one.type !== "date" ? list.id : undefined, oninput: () => set(input.value) });
  return h("div", {}, input, list);
}
