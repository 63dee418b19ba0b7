/* What the server tells an editor, and what it takes back. */
import { say } from "./words";

export interface Choice { id: string; name: string; hint?: string }
export interface Parameter { name: string; type: string; typeName: string; label: string; required: boolean; names: "" | "letter" | "group"; choices: Choice[] }
export interface Handler extends Choice { inputs: Parameter[]; outputs: Parameter[]; errors: string[]; tries: number; outside: boolean }
/** A line of a sum: sign, figure, where it comes from. */
export type SumLine = [string, string, string];
export interface Sum { lines: SumLine[]; remarks: string[]; consequence: string }
export interface Rule extends Choice { basis: string; source: string; toValidate: boolean; sum: Sum; reminders: string[]; escalations: string[] }
export interface Variable { id: string; type: string; from: string }
export interface FeelFunction { id: string; call: string; about: string; example: string }

/** All that a diagram may name. */
export interface Vocabulary {
  groups: Choice[];
  forms: Choice[];
  decisions: Choice[];
  rules: Rule[];
  letters: Choice[];
  processes: Choice[];
  activities: Choice[];
  handlers: Handler[];
  variables: Variable[];
  functions: FeelFunction[];
}

/** What an editor begins with. `english`: the English texts beside the file; `saved`: who saved last, and when. */
export interface Given { content: string; revision: number; vocabulary: Vocabulary; english: Record<string, unknown>; saved: string }

/** What an editor holds: its file, and the English texts it changed beside it. */
export interface Held { content: string; english?: unknown }
export type Hold = () => Promise<Held>;

/** "hint" is advice on style: it comes from the browser, not from the server, and never stops anything. */
export type Level = "error" | "draft" | "warning" | "hint";
export interface Problem { file: string; element: string; level: Level; code: string; message: string; remedy: string; address: string }
export interface Verdict { problems: Problem[]; plan: Record<string, string[]> }

/** Something the server refused, in its own words. */
export class Refused extends Error {
  constructor(readonly status: number, message: string, readonly logIn = "") {
    super(message);
  }

  /** The session has run out: log in, then go on. */
  get isLoggedOut(): boolean {
    return this.status === 401;
  }
}

/** The server could not be reached at all. */
export class Unreached extends Error {
  constructor() {
    super(say("Le serveur ne répond pas.", "The server does not answer."));
  }
}

export async function get<T>(address: string): Promise<T> {
  return read<T>(await reached(fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } })));
}

export async function post<T>(address: string, body: unknown): Promise<T> {
  return read<T>(await reached(fetch(address, {
    method: "POST", credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body),
  })));
}

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch {
    throw new Unreached();
  }
}

async function read<T>(answer: Response): Promise<T> {
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  if (answer.ok && isJson) return await answer.json() as T;
  const told = isJson ? await answer.json() as { sentence?: string; log_in?: string } : {};
  throw new Refused(answer.status, told.sentence ?? say("Le serveur ne répond pas comme prévu. Rien n’a été perdu ici ; réessayez.",
    "The server does not answer as expected. Nothing is lost here; try again."), told.log_in);
}
