/*
 * Keys: j and k go through a list of tasks, c takes, r gives back, x selects, e goes to the form, / to the search of the page, ? lists them.
 * Single keys do nothing inside fields, and nothing at all for who has switched them off (WCAG 2.1.4). Ctrl K always searches everywhere.
 */
import { openFinder } from "./finder";
import { tick } from "./several";

const FIELD = "input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]";

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && document.getElementById("finder")) {
      event.preventDefault();
      openFinder();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset["keys"] === "off") return;
    const target = event.target as Element;
    if (target.closest(FIELD) || document.querySelector("dialog[open]")) return;
    if (pressed(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-keys-open]")) list();
  });
}

/** Do what a key stands for. Returns: whether it stands for anything here. */
function pressed(key: string): boolean {
  if (key === "/") return focus("#sift-search") || focus("#search") || focus(".bar-search input");
  if (key === "?") return list();
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "x" || key === "X") return select(key === "X");
  if (key === "e") return focus("#task-form :is(input:not([type=hidden]), select, textarea):enabled");
  const form = key.length === 1 && /[a-z]/.test(key) ? document.querySelector<HTMLFormElement>(`form[data-key="${key}"]`) : null;
  form?.requestSubmit();
  return form !== null;
}

function focus(what: string): boolean {
  const found = document.querySelector<HTMLElement>(what);
  found?.focus();
  if (found instanceof HTMLInputElement && found.type === "search") found.select();
  return found !== null;
}

/** List the keys. */
function list(): boolean {
  const dialog = document.querySelector<HTMLDialogElement>("#keys");
  dialog?.showModal();
  return dialog !== null;
}

function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".task-card")];
}

/** The card one is at: the one with the focus, else the one that is open. */
function present(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(".task-card") ?? document.querySelector<HTMLElement>(".task-card[aria-current]");
}

function select(stretch: boolean): boolean {
  const card = present() ?? cards()[0] ?? null;
  tick(card, stretch);
  return card !== null;
}

/** Open the next or the previous task of the list. */
function step(by: number): boolean {
  const all = cards();
  if (!all.length) return false;
  const at = all.findIndex((card) => card.hasAttribute("aria-current"));
  const link = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.querySelector<HTMLAnchorElement>("h3 a");
  link?.focus();
  link?.click();
  return true;
}
