/* Whether somebody else has acted on the list or the task that is looked at: asked now and then, told in a notice that replaces nothing. */

const EVERY_MS = 15_000;

interface Pulse { list: string; task: Record<string, [string, string]> }

export function startLive(): void {
  window.setInterval(() => void look(), EVERY_MS);
  document.addEventListener("visibilitychange", () => void look());
}

async function look(): Promise<void> {
  const main = document.querySelector<HTMLElement>("main[data-pulse]");
  if (!main || document.visibilityState !== "visible" || !navigator.onLine) return;
  const address = new URL(main.dataset["pulse"] ?? "", location.href);
  const task = document.querySelector<HTMLElement>("#task[data-parts]");
  if (task) address.searchParams.set("task", task.dataset["task"] ?? "");
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const pulse = (await answer.json()) as Pulse;
    if (main.isConnected) tellList(main, pulse.list);
    if (task?.isConnected) tellTask(main, task, pulse.task);
  } catch { /* the next look may succeed */ }
}

/** The list has other tasks, or others hold them. Only the first page is looked at: further pages stay as they are. */
function tellList(main: HTMLElement, mark: string): void {
  if (mark === main.dataset["mark"] || new URL(location.href).searchParams.has("after")) return;
  main.dataset["mark"] = mark;
  const head = main.querySelector(".inbox-head");
  if (head && !main.querySelector(".inbox-list > .news")) head.after(notice(main.dataset["listChanged"] ?? "", main.dataset["look"] ?? "", location.href));
}

function tellTask(main: HTMLElement, task: HTMLElement, now: Pulse["task"]): void {
  const before = JSON.parse(task.dataset["parts"] ?? "{}") as Record<string, string>;
  const changed = Object.entries(now).filter(([part, [mark]]) => before[part] !== mark);
  if (!changed.length) return;
  task.dataset["parts"] = JSON.stringify(Object.fromEntries(Object.entries(now).map(([part, [mark]]) => [part, mark])));
  const said = changed.map(([, [, sentence]]) => sentence).join(" ");
  task.querySelector("[data-news]")?.replaceChildren(notice(said, main.dataset["lookTask"] ?? "", task.dataset["there"] ?? location.href));
}

function notice(sentence: string, words: string, address: string): HTMLElement {
  const made = document.createElement("div");
  made.className = "notice news";
  made.setAttribute("role", "status");
  const icon = document.querySelector<HTMLTemplateElement>("#live-icon")?.content.cloneNode(true);
  const inside = document.createElement("div");
  const said = document.createElement("p");
  said.textContent = sentence;
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  inside.append(said, link);
  if (icon) made.append(icon);
  made.append(inside);
  return made;
}
