/* What a drawing of the server may do besides being scrolled: start at the place where the case stands, and be shown as a whole. */

export function startPlans(): void {
  for (const frame of document.querySelectorAll<HTMLElement>(".plan-frame")) {
    const look = frame.dataset["look"] ? document.getElementById(frame.dataset["look"]) : null;
    if (look && !location.hash.startsWith("#drawing-")) centre(frame, look);
    const tools = frame.parentElement?.querySelector<HTMLElement>("[data-plan-tools]");
    if (!tools) continue;
    tools.hidden = frame.scrollWidth <= frame.clientWidth + 1 && frame.scrollHeight <= frame.clientHeight + 1;
    tools.addEventListener("click", (event) => {
      const asked = (event.target as Element).closest<HTMLElement>("[data-plan]")?.dataset["plan"];
      if (!asked) return;
      frame.classList.toggle("is-whole", asked === "whole");
      for (const button of tools.querySelectorAll<HTMLElement>("[data-plan]")) button.setAttribute("aria-pressed", String(button.dataset["plan"] === asked));
      if (asked === "near" && look) centre(frame, look);
    });
  }
}

/** Bring an element of the drawing to the middle of its frame, leaving the page where it is. */
function centre(frame: HTMLElement, element: Element): void {
  const [outer, inner] = [frame.getBoundingClientRect(), element.getBoundingClientRect()];
  frame.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  frame.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
}
