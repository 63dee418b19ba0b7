/* Files in place: a preview opens under its file and closes again. Without script it has a page of its own. */

export function startPreviews(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-preview]");
    const item = link?.closest("li");
    if (!link || !item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const open = item.nextElementSibling;
    if (open?.matches("li.preview-place")) open.remove();
    else void show(link, item);
    link.setAttribute("aria-expanded", String(!open?.matches("li.preview-place")));
  });
}

async function show(link: HTMLAnchorElement, item: Element): Promise<void> {
  try {
    const answer = await fetch(link.href, { headers: { "X-Piece": "yes" }, credentials: "same-origin", redirect: "error" });
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".preview");
    if (!answer.ok || !piece) throw new Error(String(answer.status));
    const place = document.createElement("li");
    place.className = "preview-place";
    place.append(piece);
    item.after(place);
  } catch {
    location.assign(link.href);
  }
}
