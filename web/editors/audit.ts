/*
 * The audit, one indicator at a time: each change is sent at once, and the pieces of the page it touches come back; keys 1 2 3 e n r j k.
 * Without this file the buttons do the same by loading the page anew.
 */

const FIELD = "input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]";
const TYPING_REST_MS = 700;
const RETRY_MS = 5000;

export function startAudit(): void {
  const page = document.querySelector<HTMLElement>("[data-audit]");
  if (!page) return;
  startKeys(page);
  const form = page.querySelector<HTMLFormElement>("form[data-saves]");
  if (form) new Saver(form);
}

/** A key presses, chooses or goes into what carries it, unless something is being typed. */
function startKeys(page: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset["keys"] === "off") return;
    if ((event.target as Element).closest(FIELD) || document.querySelector("dialog[open]")) return;
    const target = page.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
    if (!target) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (target.matches("textarea, input:not([type=radio])")) {
      target.closest("details")?.setAttribute("open", "");
      target.focus();
    } else target.click();
  }, { capture: true });
}

/** Sends the form whenever something in it has changed, one request at a time, and again when a request failed. */
class Saver {
  private changed = false;
  private sending: Promise<boolean> | null = null;
  private timer = 0;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("input", (event) => {
      if (this.isBeside(event)) return;
      this.changed = true;
      this.later((event.target as HTMLElement).matches("[type=radio], [type=checkbox]") ? 0 : TYPING_REST_MS);
    });
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("click", (event) => this.leave(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.changed) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.changed) void this.save();
    });
  }

  /** What is on its way arrives before what is sent by a button: the other way round it would undo it. */
  private submit(event: SubmitEvent): void {
    window.clearTimeout(this.timer);
    this.changed = false;
    if (!this.sending) return;
    event.preventDefault();
    event.stopPropagation();
    const submitter = event.submitter;
    void this.sending.then(() => window.setTimeout(() => {
      this.changed = false;
      window.clearTimeout(this.timer);
      this.form.requestSubmit(submitter);
    }));
  }

  /** The line for new evidence is sent by its button only. */
  private isBeside(event: Event): boolean {
    return (event.target as HTMLElement).closest("[data-evidence]") !== null;
  }

  private later(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), ms);
  }

  /** A link is followed once everything is saved; when it cannot be, one stays. */
  private leave(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
    if (!link || !this.changed || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    event.preventDefault();
    void this.save().then((saved) => saved && location.assign(link.href));
  }

  private async save(): Promise<boolean> {
    window.clearTimeout(this.timer);
    if (this.sending) await this.sending;
    this.sending = this.send();
    const saved = await this.sending;
    this.sending = null;
    return saved;
  }

  private async send(): Promise<boolean> {
    this.changed = false;
    const data = new FormData(this.form);
    data.delete("file");
    this.say(this.form.dataset["saving"] ?? "");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: data, headers: { "X-Saves": "1" }, keepalive: true });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      show(await answer.text());
      return true;
    } catch {
      this.changed = true;
      this.say(this.form.dataset["failed"] ?? "");
      this.later(RETRY_MS);
      return false;
    }
  }

  private say(sentence: string): void {
    const place = document.getElementById("audit-said");
    if (place) place.textContent = sentence;
  }
}

/** Put each piece of an answer in the place of the one with its id; lists keep where they were scrolled to. */
function show(answer: string): void {
  const pieces = new DOMParser().parseFromString(answer, "text/html");
  for (const piece of pieces.querySelectorAll<HTMLElement>("body > [id]")) {
    const place = document.getElementById(piece.id);
    if (!place || (place.contains(document.activeElement) && place !== document.activeElement)) continue;
    const scrolled = place.scrollTop;
    place.replaceWith(document.adoptNode(piece));
    piece.scrollTop = scrolled;
  }
}
