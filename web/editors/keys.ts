/* Keys outside of fields: j and k go through a list of tasks, / goes to the search. Ctrl K too. */

const FIELD = "input, select, textarea, [contenteditable]";

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector<HTMLInputElement>(".bar-search input");
    if ((event.ctrlKey || event.metaKey) && event.key === "k" && search) {
      event.preventDefault();
      search.focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest(FIELD)) return;
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
}

/** Open the next or the previous task of the list. */
function step(by: number): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".task-card h3 a")];
  if (!links.length) return;
  const at = links.findIndex((link) => link.closest("[aria-current]"));
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
  next?.focus();
  next?.click();
}
