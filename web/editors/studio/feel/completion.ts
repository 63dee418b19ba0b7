/* What an expression is offered while it is typed: variables with what they hold and where they come from, functions with what they give. */
import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { FeelFunction, Variable, Vocabulary } from "../server";
import { h, say } from "../words";

const WORD = /[\p{L}_][\p{L}\p{N}_.]*$/u;
const WORDS: [string, string, string][] = [
  ["if ${condition} then ${value} else ${value}", "if … then … else", "condition"], ["for ${item} in ${list} return ${value}", "for … in … return", "list"],
  ["some ${item} in ${list} satisfies ${condition}", "some … in … satisfies", "condition"], ["every ${item} in ${list} satisfies ${condition}", "every … in … satisfies", "condition"],
];

/** The source of offers for a vocabulary; made once for it. */
export function offers(words: Pick<Vocabulary, "variables" | "functions">): (context: CompletionContext) => CompletionResult | null {
  const options: Completion[] = [...words.variables.map(variable), ...words.functions.map(called), ...WORDS.map(([text, label]) => snippetCompletion(text, { label, type: "keyword", boost: -2 }))];
  return (context) => {
    const word = context.matchBefore(WORD);
    if (!word && !context.explicit) return null;
    return { from: word ? word.from : context.pos, options, validFor: /^[\p{L}\p{N}_.]*$/u };
  };
}

function variable(one: Variable): Completion {
  return { label: one.id, type: "variable", detail: one.type, boost: 2, info: one.from ? () => h("span", {}, one.from) : undefined };
}

function called(one: FeelFunction): Completion {
  const takes = !one.call.endsWith("()");
  return { label: one.id, displayLabel: one.call, type: "function", apply: (view, _, from, to) => {
    const text = `${one.id}()`;
    view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length - (takes ? 1 : 0) } });
  }, info: () => h("span", {}, one.about, one.example ? h("code", {}, one.example) : null) };
}

/** The words of the editor of expressions itself. */
export const PHRASES: Record<string, string> = { "Completions": say("Propositions", "Completions") };
