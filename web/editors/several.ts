/* Several tasks at once: ticking with the mouse, a whole stretch with shift, and how many are ticked. */

const BOX = ".task-card input[type=checkbox]";
let last: HTMLInputElement | null = null;

export function startSeveral(): void {
  document.addEventListener("click", (event) => {
    const box = (event.target as Element).closest<HTMLInputElement>(BOX);
    if (box) ticked(box, event.shiftKey);
  });
  document.addEventListener("reset", () => window.setTimeout(count));
  // Enter in the day or the person of a small menu does what that menu is for, not the first thing of the form
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Enter" ? (event.target as Element).closest<HTMLElement>(".several-menu") : null;
    if (!menu || !(event.target as Element).matches("input, select")) return;
    event.preventDefault();
    menu.querySelector<HTMLButtonElement>("button[type=submit]")?.click();
  });
  count();
}

/** Tick or untick the task one is at; with `stretch`, all from the last one ticked to here. */
export function tick(card: Element | null, stretch: boolean): void {
  const box = card?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (!box) return;
  box.checked = stretch || !box.checked;
  ticked(box, stretch);
}

function ticked(box: HTMLInputElement, stretch: boolean): void {
  const boxes = [...document.querySelectorAll<HTMLInputElement>(BOX)];
  if (stretch && last?.isConnected) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
    for (const one of boxes.slice(from, (to ?? 0) + 1)) one.checked = box.checked;
  }
  last = box;
  count();
}

function count(): void {
  const said = document.querySelector<HTMLElement>(".several-said");
  if (!said) return;
  const number = document.querySelectorAll(`${BOX}:checked`).length;
  said.textContent = number === 1 ? said.dataset["severalOne"] ?? "" : (said.dataset["severalMany"] ?? "").replace("{n}", String(number));
}
