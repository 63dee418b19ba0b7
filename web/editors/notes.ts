/* What has just happened: a plain note goes with the next key or click; one that can be undone stays long enough to be read and pressed. */

const STAYS_MS = 20_000;

export function startNotes(): void {
  for (const what of ["pointerdown", "keydown"]) {
    document.addEventListener(what, (event) => {
      for (const toast of document.querySelectorAll(".toast:not([data-undo])")) if (!toast.contains(event.target as Node)) toast.remove();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector(".toast")?.remove();
  });
  document.addEventListener("jalon:noted", go);
  go();
}

/** Notes that can be undone go by themselves, but not from under the pointer or the focus. */
function go(): void {
  for (const toast of document.querySelectorAll<HTMLElement>(".toast[data-undo]")) {
    window.setTimeout(function leave() {
      if (toast.matches(":hover, :focus-within")) window.setTimeout(leave, STAYS_MS / 4);
      else toast.remove();
    }, STAYS_MS);
  }
}
