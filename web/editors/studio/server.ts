/* What the server tells an editor, and what it takes back. */
import { say } from "./words";

export interface Choice { id: string; name: string; hint?: string }
export interface Parameter { name: string; type: string; label: string; required: boolean }
export interface Handler extends Choice { inputs: Parameter[]; outputs: Parameter[] }

/** All that a diagram may name. */
export interface Vocabulary {
  groups: Choice[];
  forms: Choice[];
  decisions: Choice[];
  rules: Choice[];
  letters: Choice[];
  processes: Choice[];
  activities: Choice[];
  handlers: Handler[];
  variables: string[];
}

export interface Problem { file: string; element: string; level: "error" | "draft" | "warning"; message: string; remedy: string; address: string }

/** Something the server refused, in its own words. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export async function get<T>(address: string): Promise<T> {
  return read<T>(await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } }));
}

export async function post<T>(address: string, body: unknown): Promise<T> {
  return read<T>(await fetch(address, {
    method: "POST", credentials: "same-origin", redirect: "error",
    headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body),
  }));
}

async function read<T>(answer: Response): Promise<T> {
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  if (answer.ok && isJson) return await answer.json() as T;
  const told = isJson ? (await answer.json() as { sentence?: string }).sentence : undefined;
  throw new Refused(answer.status, told ?? say("Le serveur ne répond pas comme prévu. Rien n’a été perdu ici ; réessayez.",
    "The server does not answer as expected. Nothing is lost here; try again."));
}
