/*
 * What every page loads: the style sheet, the icons, htmx, and the few things a page without script cannot do.
 * Every page works without this file; nothing here is needed to read, to fill in or to send.
 */
import "../static/style/tokens.css";
import "../static/style/app.css";
import "../static/style/pages.css";
import "../static/style/studio.css";
import "../static/style/tryit.css";
import "../static/style/diagram.css";
import "../static/style/case.css";
import "../static/style/audit.css";
import "../static/style/inbox.css";
import "../static/style/applicants.css";
import htmx from "htmx.org";
import { followTasks } from "./tasks";
import { startPlans } from "./case";
import { startKeys } from "./keys";
import { startClaims } from "./claims";
import { startDrafts } from "./drafts";
import { startFinder } from "./finder";
import { startApplication } from "./apply";
import { startForms } from "./forms";
import { startAudit } from "./audit";
import { startLive } from "./live";
import { startNotes } from "./notes";
import { startPreviews } from "./previews";
import { startSeveral } from "./several";

htmx.config.includeIndicatorCSS = false;
followTasks();
startKeys();
startForms();
startApplication();
startPlans();
startAudit();
startDrafts();
startClaims();
startSeveral();
startPreviews();
startLive();
startNotes();
startFinder();

/** A choice that says so sends its form at once, and a field to copy is chosen whole. */
document.addEventListener("change", (event) => {
  if ((event.target as Element).matches("[data-submit]")) (event.target as HTMLSelectElement).form?.requestSubmit();
});
document.addEventListener("focusin", (event) => {
  if ((event.target as Element).matches("[data-select]")) (event.target as HTMLInputElement).select();
});

/** A form is sent once: a second click while the first is on its way does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset["sent"]) {
    event.preventDefault();
    return;
  }
  form.dataset["sent"] = "yes";
  (event as SubmitEvent).submitter?.setAttribute("aria-busy", "true");
});

/** A page taken back from the browser's memory may be sent again. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

/** What is wrong, or what has just happened, is the first thing said. */
document.querySelector<HTMLElement>("[data-focus]")?.focus();
