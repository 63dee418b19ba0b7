/*
 * The application form, beyond what every form does: a number is checked as one leaves its field, a file chosen is sent at once, and a form is
 * not sent into a network that is gone. Without script the same is done when the step is left.
 */

export function startApplication(): void {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement;
    if (field.matches("input[data-check]")) void check(field as HTMLInputElement);
    if (field.matches("form[data-steps] input[type=file]")) send(field as HTMLInputElement);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form[data-steps]") || navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const said = form.querySelector<HTMLElement>("[data-draft-said]");
    if (said) said.textContent = said.dataset["failed"] ?? "";
  }, { capture: true });
}

/** Ask what is wrong with a number, and show it beside the field, unless it is being changed again. */
async function check(input: HTMLInputElement): Promise<void> {
  const form = input.form;
  if (!form) return;
  const asked = input.value;
  const answer = await fetch(input.dataset["check"] ?? "", {
    method: "POST", body: new URLSearchParams(new FormData(form) as never), credentials: "same-origin", redirect: "error",
  }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".field");
  const now = form.querySelector<HTMLInputElement>(`[name="${CSS.escape(input.name)}"]`);
  const old = now?.closest(".field");
  if (!fresh || !now || !old || now.value !== asked || document.activeElement === now) return;
  old.replaceWith(fresh);
}

/** A file chosen is sent by the button beside it. */
function send(input: HTMLInputElement): void {
  if (input.files?.length) input.closest(".file-choice")?.querySelector<HTMLButtonElement>("button[name=_upload]")?.click();
}
