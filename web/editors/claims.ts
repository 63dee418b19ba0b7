/* Claiming with the first keystroke: who begins to fill in a task that nobody holds takes it. The toast undoes it. */

export function startClaims(): void {
  for (const happened of ["input", "change"]) {
    document.addEventListener(happened, (event) => {
      const form = (event.target as Element).closest?.<HTMLFormElement>("form[data-claim]");
      if (form && !form.dataset["claiming"]) void claim(form);
    });
  }
  document.addEventListener("htmx:after:swap", open);
  open();
}

/** A form that can be claimed can be typed in. */
function open(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-claim]")) {
    const fields = form.querySelector("fieldset");
    if (fields) fields.disabled = false;
    const hint = form.querySelector<HTMLElement>("[data-claim-hint]");
    if (hint) hint.textContent = hint.dataset["withScript"] ?? "";
  }
}

async function claim(form: HTMLFormElement): Promise<void> {
  form.dataset["claiming"] = "yes";
  const list = form.querySelector<HTMLInputElement>("input[name=_list]");
  try {
    const answer = await fetch(form.dataset["claim"] ?? "", {
      method: "POST", body: new URLSearchParams({ _list: list?.value ?? "" }), headers: { "X-Typing": "yes" }, credentials: "same-origin",
      redirect: "error",
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) taken(form, page);
    else if (answer.status !== 401) refused(form, page);
  } catch { /* without a network the next keystroke tries again */ } finally {
    delete form.dataset["claiming"];
  }
}

/** The task is ours: its bar, its card and the counts change; the form stays as it is, with the caret in it. */
function taken(form: HTMLFormElement, page: Document): void {
  delete form.dataset["claim"];
  form.querySelector("[data-claim-hint]")?.remove();
  const [task, fresh] = [document.querySelector<HTMLElement>("#task"), page.querySelector<HTMLElement>("#task")];
  if (task && fresh) {
    task.dataset["parts"] = fresh.dataset["parts"] ?? "{}";
    swap(task, fresh, ".act");
  }
  const main = document.querySelector<HTMLElement>("main[data-pulse]");
  if (main) main.dataset["mark"] = page.querySelector<HTMLElement>("main[data-pulse]")?.dataset["mark"] ?? "";
  swap(document, page, ".rail");
  swap(document, page, `.task-card[data-task="${task?.dataset["task"]}"]`);
  document.querySelector(".toast")?.remove();
  const toast = page.querySelector(".toast");
  if (toast) {
    document.body.append(toast);
    document.dispatchEvent(new Event("jalon:noted"));
  }
}

/** Somebody was faster, or a rule forbids it: say so above the form. What was typed stays, in the page and in this browser. */
function refused(form: HTMLFormElement, page: Document): void {
  delete form.dataset["claim"];
  const news = document.querySelector("[data-news]");
  const why = page.querySelector(".refusal") ?? page.querySelector(".stands");
  if (!news || !why) return;
  why.classList.add("news");
  why.setAttribute("role", "alert");
  news.replaceChildren(why);
}

function swap(old: ParentNode, fresh: ParentNode, what: string): void {
  const [before, after] = [old.querySelector(what), fresh.querySelector(what)];
  if (before && after) before.replaceWith(after);
}
