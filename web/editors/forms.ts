/*
 * Forms: what is typed is kept as a draft, and questions that depend on an answer appear when it is given.
 * Without script the same is done by two buttons.
 */

const PAUSE_MS = 1200;
const CHOICES = "select, input[type=radio], input[type=checkbox]";

export function startForms(): void {
  const waiting = new Map<HTMLFormElement, number>();
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-draft]");
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, window.setTimeout(() => void keep(form), PAUSE_MS));
  });
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-refresh]");
    if (form && (event.target as Element).matches(CHOICES)) void refresh(form);
  });
  document.addEventListener("submit", (event) => clearTimeout(waiting.get(event.target as HTMLFormElement)));
  document.addEventListener("click", (event) => void editRows(event));
}

/** Keep the draft, and say so. One that cannot be kept says so too: what was typed is still in the page. */
async function keep(form: HTMLFormElement): Promise<void> {
  const said = form.querySelector<HTMLElement>("[data-draft-said]");
  try {
    const answer = await fetch(form.dataset["draft"] ?? "", {
      method: "POST", body: new URLSearchParams(new FormData(form) as never), headers: { "X-Draft": "yes" }, credentials: "same-origin", redirect: "error",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    if (said) said.textContent = await answer.text();
  } catch {
    if (said) said.textContent = said.dataset["failed"] ?? "";
  }
}

/** Ask the server for the fields as they are with the present answers. What was typed comes back with them; focus stays where it was. */
async function refresh(form: HTMLFormElement, button?: HTMLButtonElement): Promise<void> {
  const data = new FormData(form);
  data.set(button?.name ?? "_refresh", button?.value ?? "1");
  const answer = await fetch(form.getAttribute("action") ?? "", {
    method: "POST", body: new URLSearchParams(data as never), credentials: "same-origin", redirect: "error",
  });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [fresh, old] = [page.querySelector("[data-fields]"), form.querySelector("[data-fields]")];
  if (!fresh || !old) return;
  const back = where(document.activeElement);
  old.replaceWith(fresh);
  if (back) form.querySelector<HTMLElement>(back)?.focus({ preventScroll: true });
}

/** How to find a field again after the fields were drawn anew. */
function where(element: Element | null): string | null {
  const field = element as HTMLInputElement | null;
  if (!field?.name) return null;
  const named = `[name="${CSS.escape(field.name)}"]`;
  return field.type === "radio" || field.type === "checkbox" ? `${named}[value="${CSS.escape(field.value)}"]` : named;
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
  const rows = document.getElementById(list)?.querySelectorAll<HTMLElement>(":scope > .rows > li");
  const field = button.name === "_add" ? rows?.[rows.length - 1]?.querySelector<HTMLElement>("input, select, textarea") : null;
  (field ?? document.getElementById(list))?.focus();
}
