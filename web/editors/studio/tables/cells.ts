/*
 * Where things are in a file of tables, and marks at rows and cells. The library draws its cells anew as it likes, so marks are not put
 * into them: they are rules of a style sheet of their own, by the ids the cells carry.
 */
import { say } from "../words";
import { wordOf, type Weight } from "../problems/levels";

/* eslint-disable @typescript-eslint/no-explicit-any */
/** A place: the decision it belongs to, what it is called, and what shows it: a row, a cell, a column, or the decision itself. */
export interface Place { decision: string; name: string; shows: "row" | "cell" | "column" | "decision" }

/** Every id of a file that a problem may name. */
export function placesOf(definitions: any): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const decision of definitions.drgElement ?? []) {
    const name = decision.name || decision.id;
    found.set(decision.id, { decision: decision.id, name, shows: "decision" });
    const logic = decision.decisionLogic;
    if (!logic) continue;
    found.set(logic.id, { decision: decision.id, name, shows: "decision" });
    const columns = [...logic.input ?? [], ...logic.output ?? []];
    for (const column of columns) {
      found.set(column.id, { decision: decision.id, name: say(`${name}, colonne « ${titleOf(column)} »`, `${name}, column “${titleOf(column)}”`), shows: "column" });
      if (column.inputExpression?.id) found.set(column.inputExpression.id, found.get(column.id)!);
    }
    for (const [at, rule] of (logic.rule ?? []).entries()) {
      found.set(rule.id, { decision: decision.id, name: say(`${name}, ligne ${at + 1}`, `${name}, row ${at + 1}`), shows: "row" });
      for (const [where, cell] of [...rule.inputEntry ?? [], ...rule.outputEntry ?? []].entries()) {
        const column = columns[where] ? titleOf(columns[where]) : "";
        found.set(cell.id, { decision: decision.id, name: say(`${name}, ligne ${at + 1}, « ${column} »`, `${name}, row ${at + 1}, “${column}”`), shows: "cell" });
      }
    }
  }
  return found;
}

function titleOf(column: any): string {
  return column.label || column.inputExpression?.text || column.name || column.id;
}

const COLOURS: Record<Weight, string> = { wrong: "var(--risk)", remark: "var(--warn)", hint: "var(--ink-3)" };

/** Marks by ids: problems at cells and rows, and the rows that hold for the values being tried. */
export class CellMarks {
  private readonly sheet = new CSSStyleSheet();
  private problems = "";
  private rows = "";

  constructor() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
  }

  mark(marks: { id: string; weight: Weight; shows: Place["shows"] }[]): void {
    this.problems = marks.map(({ id, weight, shows }) => {
      const at = selector(id, shows);
      return `${at} { box-shadow: inset 0 0 0 2px ${COLOURS[weight]} !important; } ${shows === "cell" ? at : `${at}:first-of-type`}::after { content: "${wordOf(weight)}"; position: absolute; top: 2px; right: 4px; font: 12px/1 var(--font); color: ${COLOURS[weight]}; }`;
    }).join("\n");
    this.write();
  }

  /** Rows that hold; none: nothing is being tried. */
  hold(rules: string[]): void {
    this.rows = rules.map((id) => `td[data-row-id="${CSS.escape(id)}"] { background: var(--done-soft) !important; }`).join("\n");
    this.write();
  }

  private write(): void {
    this.sheet.replaceSync(`${this.problems}\n${this.rows}`);
  }
}

function selector(id: string, shows: Place["shows"]): string {
  const name = CSS.escape(id);
  if (shows === "row") return `.studio-dmn td[data-row-id="${name}"]`;
  return shows === "column" ? `.studio-dmn th[data-col-id="${name}"]` : `.studio-dmn td[data-element-id="${name}"]`;
}
