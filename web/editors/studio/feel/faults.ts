/* Where an expression stops being readable: judged by the parser of the engine while it is typed, marked at its place and told in words. */
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet } from "@codemirror/view";
import { post } from "../server";

const PAUSE_MS = 350;

/** Line and column count from 1. */
export interface Fault { line: number; column: number; message: string }

const told = StateEffect.define<Fault | null>();
const mark = Decoration.mark({ class: "feel-fault" });

const place = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let next = marks.map(change.changes);
    for (const effect of change.effects) if (effect.is(told)) next = effect.value ? marked(change.state.doc, effect.value) : Decoration.none;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marked(doc: { lines: number; length: number; line(n: number): { from: number; to: number } }, fault: Fault): DecorationSet {
  const line = doc.line(Math.min(fault.line, doc.lines));
  const at = Math.min(line.from + fault.column - 1, line.to);
  const from = at === line.to ? Math.max(line.from, at - 1) : at;
  return from < line.to ? Decoration.set([mark.range(from, Math.min(line.to, Math.max(at + 1, from + 1)))]) : Decoration.none;
}

/** What the parser said of a text: it always says the same. */
const known = new Map<string, Fault | null>([["", null]]);

async function judged(address: string, text: string): Promise<Fault | null | undefined> {
  if (!known.has(text)) {
    const answer = await post<{ fault: Fault | null }>(address, { text }).catch(() => null);
    if (!answer) return undefined;
    known.set(text, answer.fault);
  }
  return known.get(text);
}

/** Judge what stands there, then what is typed after a pause; an answer that was overtaken is dropped. `say` hears the fault, null for none. */
export function faults(address: string, say: (fault: Fault | null) => void): Extension {
  let waiting = 0;
  let asked = 0;
  const look = async (view: EditorView) => {
    const mine = ++asked;
    const fault = await judged(address, view.state.doc.toString().trim());
    if (mine !== asked || fault === undefined) return;
    view.dispatch({ effects: told.of(fault) });
    say(fault);
  };
  const soon = (view: EditorView, pause: number) => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void look(view), pause);
  };
  return [place, ViewPlugin.define((view) => {
    soon(view, 0);
    return { destroy: () => clearTimeout(waiting) };
  }), EditorView.updateListener.of((update) => { if (update.docChanged) soon(update.view, PAUSE_MS); })];
}
