/*
 * Drafts: what is typed into a task's form is kept, with the server when it answers, else in this browser, per person and task.
 * A line under the form says where. What the browser kept comes back with the form: after a crash, without a network, after logging in again.
 */
import { redrawWith } from "./forms";

const PAUSE_MS = 1200;
const RETRY_MS = 10_000;
const OLDEST_MS = 30 * 24 * 3600 * 1000;
const PREFIX = "jalon.draft ";

interface Kept { at: string; seen: string; fields: [string, string][] }

const waiting = new Map<HTMLFormElement, number>();

export function startDrafts(): void {
  for (const happened of ["input", "change"]) {
    document.addEventListener(happened, (event) => {
      const form = (event.target as Element).closest?.<HTMLFormElement>("form[data-draft]");
      if (form) changed(form);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-draft]")) return;
    clearTimeout(waiting.get(form));
    keepHere(form);
  });
  window.addEventListener("online", () => { for (const form of pending) void send(form); });
  document.addEventListener("htmx:after:swap", takeUp);
  sweep();
  takeUp();
}

/** Something was typed: keep it here at once, and with the server when the typing rests. */
export function changed(form: HTMLFormElement): void {
  keepHere(form);
  clearTimeout(waiting.get(form));
  waiting.set(form, window.setTimeout(() => void send(form), PAUSE_MS));
}

/** Bring back what this browser keeps for the forms of the page; forget what was sent. */
function takeUp(): void {
  const sent = document.querySelector<HTMLElement>("[data-sent-task]")?.dataset["sentTask"];
  if (sent) forget((key) => key.endsWith(` ${sent}`) && key.startsWith(PREFIX + (document.body.dataset["person"] ?? "")));
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const kept = read(form);
    if (!kept || form.dataset["takenUp"]) continue;
    form.dataset["takenUp"] = "yes";
    if (same(kept.fields, fieldsOf(form))) drop(form);
    else if (kept.seen === (form.dataset["kept"] ?? "")) void restore(form, kept);
    else offer(form, kept);
  }
}

async function restore(form: HTMLFormElement, kept: Kept): Promise<void> {
  const enabled = form.querySelector("fieldset");
  if (enabled) enabled.disabled = false;
  await redrawWith(form, kept.fields);
  say(form, "takenUp", kept.at);
  await send(form, "takenUp");
}

/** The draft was changed elsewhere since: the reader chooses. */
function offer(form: HTMLFormElement, kept: Kept): void {
  const line = say(form, "other", kept.at);
  if (!line) return;
  const said = line.dataset;
  line.append(row(button(said["takeUp"] ?? "", () => { clearOffer(line); void restore(form, kept); }),
    button(said["leave"] ?? "", () => { clearOffer(line); drop(form); })));
}

function clearOffer(line: HTMLElement): void {
  line.querySelector(".row")?.remove();
}

const pending = new Set<HTMLFormElement>();

/** Send the draft. `told`: what to say in place of the server's sentence. */
async function send(form: HTMLFormElement, told?: string): Promise<void> {
  if (!form.isConnected) { pending.delete(form); return; }
  const fields = fieldsOf(form);
  let answer: Response;
  try {
    answer = await fetch(form.dataset["draft"] ?? "", {
      method: "POST", body: new URLSearchParams(fields), headers: { "X-Draft": "yes" }, credentials: "same-origin", redirect: "error",
    });
  } catch {
    say(form, "atHome", new Date().toISOString());
    pending.add(form);
    window.setTimeout(() => { if (pending.has(form)) void send(form); }, RETRY_MS);
    return;
  }
  pending.delete(form);
  if (answer.ok) {
    form.dataset["kept"] = answer.headers.get("X-Kept") ?? "";
    if (same(fields, fieldsOf(form))) drop(form);
    const sentence = await answer.text();
    if (!told) write(form, sentence);
  } else if (answer.status === 401) logInAgain(form);
  else say(form, "refused", new Date().toISOString());
}

/** The session is over: what was typed stays here until its writer has logged in again. */
function logInAgain(form: HTMLFormElement): void {
  const line = say(form, "loggedOut", new Date().toISOString());
  if (!line || line.querySelector(".row")) return;
  const link = document.createElement("a");
  link.className = "button";
  link.href = `${line.dataset["logInAt"]}?${new URLSearchParams({ next: location.pathname + location.search })}`;
  link.textContent = line.dataset["logIn"] ?? "";
  line.append(row(link));
}

// --- what this browser keeps ------------------------------------------------------------------------

function keyOf(form: HTMLFormElement): string {
  return PREFIX + form.dataset["draftOf"];
}

/** Only a form that says whose and of which task it is has a place here. */
function keepHere(form: HTMLFormElement): void {
  if (!form.dataset["draftOf"]) return;
  const kept: Kept = { at: new Date().toISOString(), seen: form.dataset["kept"] ?? "", fields: fieldsOf(form) };
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(kept));
  } catch { /* a browser that keeps nothing still sends to the server */ }
}

function read(form: HTMLFormElement): Kept | null {
  if (!form.dataset["draftOf"]) return null;
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function drop(form: HTMLFormElement): void {
  forget((key) => key === keyOf(form));
}

function forget(which: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(localStorage)) if (which(key)) localStorage.removeItem(key);
  } catch { /* nothing is kept */ }
}

/** What nobody came back for in a month is thrown away. */
function sweep(): void {
  forget((key) => {
    if (!key.startsWith(PREFIX)) return false;
    try {
      return Date.now() - Date.parse((JSON.parse(localStorage.getItem(key) ?? "null") as Kept).at) > OLDEST_MS;
    } catch {
      return true;
    }
  });
}

function fieldsOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && name !== "next" && typeof value === "string") as [string, string][];
}

function same(one: [string, string][], other: [string, string][]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

// --- the line that says where ----------------------------------------------------------------------

/** Say one of the sentences of the line, with a time of day. Returns: the line. */
function say(form: HTMLFormElement, what: string, at: string): HTMLElement | null {
  const line = form.querySelector<HTMLElement>("[data-draft-said]");
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  write(form, (line?.dataset[what] ?? "").replace("{time}", time));
  return line;
}

function write(form: HTMLFormElement, sentence: string): void {
  const said = form.querySelector<HTMLElement>("[data-draft-said] [role=status]");
  if (said) said.textContent = sentence;
  form.querySelector("[data-draft-said] > .row")?.remove();
}

function row(...inside: HTMLElement[]): HTMLElement {
  const made = document.createElement("p");
  made.className = "row";
  made.append(...inside);
  return made;
}

function button(words: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}
