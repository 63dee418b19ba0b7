/*
 * Forms: questions that depend on an answer appear when it is given, and lists grow and shrink without leaving the page.
 * Without script the same is done by buttons.
 */
import { changed } from "./drafts";

/** What others may depend on, beside choices: the server marks it. */
const DRIVES = "select, input[type=radio], input[type=checkbox], [data-drives]";

export function startForms(): void {
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-refresh]");
    if (form && (event.target as Element).matches(DRIVES)) void refresh(form);
  });
  document.addEventListener("click", (event) => void editRows(event));
}

const FIELDS = "input[name], select[name], textarea[name]";
type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const redrawing = new WeakMap<HTMLFormElement, Promise<void>>();

/** Have the fields drawn anew, one answer after the other: none overtakes another, and none is lost. */
function refresh(form: HTMLFormElement, button?: HTMLButtonElement): Promise<void> {
  const done = (redrawing.get(form) ?? Promise.resolve()).then(() => redraw(form, button)).catch(() => undefined);
  redrawing.set(form, done);
  return done;
}

/** Have the fields drawn with other answers than those on the page. */
export async function redrawWith(form: HTMLFormElement, fields: [string, string][]): Promise<void> {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  const fresh = await fetchFields(form, data);
  if (fresh) form.querySelector("[data-fields]")?.replaceWith(fresh);
}

/** Ask the server for the fields as they are with the present answers. What was typed comes back with them; focus stays where it was. */
async function redraw(form: HTMLFormElement, button?: HTMLButtonElement): Promise<void> {
  const data = new FormData(form);
  data.set(button?.name ?? "_refresh", button?.value ?? "1");
  const sent = new Map(fieldsOf(form).map((field) => [keyOf(field), stateOf(field)]));
  const [fresh, old] = [await fetchFields(form, data), form.querySelector("[data-fields]")];
  if (!fresh || !old) return;
  if (button?.name !== "_remove") carryOver(old, fresh, sent);
  const back = caretIn(old);
  old.replaceWith(fresh);
  if (back) putCaret(fresh, back);
}

async function fetchFields(form: HTMLFormElement, data: FormData): Promise<Element | null> {
  if (![...data.keys()].some((name) => ["_add", "_remove", "_refresh"].includes(name))) data.set("_refresh", "1");
  const answer = await fetch(form.getAttribute("action") ?? "", {
    method: "POST", body: new URLSearchParams(data as never), headers: { "X-Draft": "yes" }, credentials: "same-origin", redirect: "error",
  });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-fields]") : null;
}

/** What was typed while the answer was on its way is not in it: bring it over. */
function carryOver(old: Element, fresh: Element, sent: Map<string, string | boolean>): void {
  const twins = new Map(fieldsOf(fresh).map((field) => [keyOf(field), field]));
  for (const field of fieldsOf(old)) {
    const twin = twins.get(keyOf(field));
    if (!twin || sent.get(keyOf(field)) === stateOf(field)) continue;
    if (isBox(field)) (twin as HTMLInputElement).checked = field.checked;
    else twin.value = field.value;
  }
}

/** The field that has the focus, and where in its text. */
function caretIn(fields: Element): { key: string; at: number | null } | null {
  const field = document.activeElement as Field | null;
  if (!field?.name || !fields.contains(field)) return null;
  return { key: keyOf(field), at: "selectionStart" in field ? field.selectionStart : null };
}

function putCaret(fields: Element, back: { key: string; at: number | null }): void {
  const field = fieldsOf(fields).find((one) => keyOf(one) === back.key);
  field?.focus({ preventScroll: true });
  if (field && "setSelectionRange" in field && back.at !== null) field.setSelectionRange(back.at, back.at);
}

function fieldsOf(place: Element): Field[] {
  return [...place.querySelectorAll<Field>(FIELDS)];
}

function isBox(field: Field): field is HTMLInputElement {
  return field.type === "radio" || field.type === "checkbox";
}

function keyOf(field: Field): string {
  return isBox(field) ? `${field.name}=${field.value}` : field.name;
}

function stateOf(field: Field): string | boolean {
  return isBox(field) ? field.checked : field.value;
}

/** A row more or less in a list, without leaving the page; focus goes to the new row, or to the list. */
async function editRows(event: Event): Promise<void> {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[name=_add], button[name=_remove]");
  const form = button?.form;
  if (!button || !form || !form.matches("[data-refresh]")) return;
  event.preventDefault();
  const path = button.name === "_add" ? button.value : button.value.replace(/\.\d+$/, "");
  const list = `f-${path.replaceAll(".", "-")}`;
  await refresh(form, button);
  if (form.matches("[data-draft]")) changed(form);
  const rows = document.getElementById(list)?.querySelectorAll<HTMLElement>(":scope > .rows > li");
  const field = button.name === "_add" ? rows?.[rows.length - 1]?.querySelector<HTMLElement>("input, select, textarea") : null;
  (field ?? document.getElementById(list))?.focus();
}
