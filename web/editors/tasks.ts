/* The inbox: the task chosen in the list is swapped in beside it; the list stays where it was. */

/** After a swap the chosen card is marked, the title says which task it is, and the reader's focus is on its heading. */
export function followTasks(): void {
  document.addEventListener("htmx:after:swap", () => {
    const task = document.querySelector<HTMLElement>("#task[data-task]");
    if (!task) return;
    for (const card of document.querySelectorAll<HTMLElement>(".task-card")) {
      if (card.dataset["task"] === task.dataset["task"]) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
    const heading = task.querySelector<HTMLElement>("h1");
    if (heading && document.activeElement?.closest("#list")) {
      document.title = task.dataset["title"] ?? document.title;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: false });
    }
  });
  // a piece that cannot be had is shown as the page it is: refused, gone, or the way to log in again
  document.addEventListener("htmx:response:error", (event) => {
    const { ctx } = (event as CustomEvent).detail;
    if (ctx.request.method === "GET") location.assign(ctx.request.action);
  });
}
