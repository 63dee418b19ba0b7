/* bpmnlint in the browser: advice on style for what is drawn. The third weight, under problems and remarks. */
import { Linter } from "bpmnlint";
import type { Meaning } from "../drawing";
import type { Problem } from "../server";
import { STYLES } from "./rules";

interface Report { id: string; message: string; category: string }

/** A linter of its own for each look: some rules remember what they have seen. */
const linter = () => new Linter({
  config: { rules: Object.fromEntries(Object.keys(STYLES).map((name) => [name, "info"])) },
  resolver: { resolveRule: (_: string, name: string) => STYLES[name]?.rule, resolveConfig: () => undefined },
});

/** What could be drawn better in a file, each told once at its element. */
export async function hintsOf(definitions: Meaning, path: string): Promise<Problem[]> {
  const found = await linter().lint(definitions) as Record<string, Report[]>;
  const told = new Map<string, Problem>();
  for (const [name, reports] of Object.entries(found)) {
    const style = STYLES[name];
    for (const report of style ? reports : []) {
      if (report.category === "rule-error" || !style) continue;
      told.set(`${name} ${report.id}`, { file: path, element: report.id, level: "hint", code: `style.${name}`, message: style.message(), remedy: style.remedy(), address: "" });
    }
  }
  return [...told.values()];
}
