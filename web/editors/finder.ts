/* The search everywhere: Ctrl K opens it over any page. Without script the same is found at its own address. */

const PAUSE_MS = 150;
let asking: AbortController | null = null;
let pause = 0;

export function startFinder(): void {
  const dialog = finder();
  if (!dialog) return;
  dialog.addEventListener("input", () => {
    clearTimeout(pause);
    pause = window.setTimeout(() => void ask(dialog), PAUSE_MS);
  });
  dialog.addEventListener("keydown", (event) => move(dialog, event));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("click", (event) => {
    (event.target as Element).closest("[data-close]")?.closest("dialog")?.close();
    const opener = (event.target as Element).closest("[data-finder]");
    if (!opener) return;
    event.preventDefault();
    openFinder();
  });
}

export function openFinder(): void {
  const dialog = finder();
  if (!dialog || dialog.open) return;
  dialog.showModal();
  field(dialog)?.select();
}

function finder(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#finder");
}

function field(dialog: HTMLElement): HTMLInputElement | null {
  return dialog.querySelector<HTMLInputElement>("input[type=search]");
}

async function ask(dialog: HTMLElement): Promise<void> {
  const [words, found] = [field(dialog)?.value.trim() ?? "", dialog.querySelector<HTMLElement>("[data-found]")];
  asking?.abort();
  asking = new AbortController();
  if (!found) return;
  try {
    const answer = await fetch(`${dialog.dataset["address"]}?${new URLSearchParams({ q: words })}`, {
      headers: { "X-Piece": "yes" }, credentials: "same-origin", redirect: "error", signal: asking.signal,
    });
    if (answer.ok) found.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
    else if (answer.status === 401) location.reload();
  } catch { /* overtaken by the next letter, or no network: what was found stays */ }
}

/** Arrows go through what was found; the field stays the place to type. */
function move(dialog: HTMLElement, event: KeyboardEvent): void {
  const links = [...dialog.querySelectorAll<HTMLAnchorElement>("[data-found] a")];
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement as HTMLAnchorElement) + (event.key === "ArrowDown" ? 1 : -1);
  (at < 0 ? field(dialog) : links[Math.min(at, links.length - 1)])?.focus();
}
