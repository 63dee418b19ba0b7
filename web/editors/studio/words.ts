/* The reader's language, and small pieces of page made in script. Every text stands in both languages where it is used. */

export const isFrench = document.documentElement.lang !== "en";

/** A text in the reader's language; French first, its no-break spaces set here. */
export function say(fr: string, en: string): string {
  return isFrench ? spaced(fr) : en;
}

/** French puts a no-break space before the high signs and inside its quotes. */
function spaced(text: string): string {
  return text.replace(/ ([?!:;»%])/g, "\u00a0$1").replace(/« /g, "«\u00a0");
}

/** A number of things in words: French says one of nought, English says many. */
export function count(n: number, one: [string, string], many: [string, string]): string {
  const [fr, en] = [n < 2 ? one[0] : many[0], n === 1 ? one[1] : many[1]];
  return `${n} ${say(fr, en)}`;
}

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

/** Make an element: `on…` are listeners, other props are attributes; false and undefined are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith("on") && typeof value === "function") made.addEventListener(name.slice(2), value as EventListener);
    else if (name === "value") (made as unknown as { value: string }).value = String(value);
    else if (name === "checked") (made as unknown as { checked: boolean }).checked = Boolean(value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

/** One icon of the sheet the page already uses. */
export function icon(name: string): SVGSVGElement {
  const sheet = document.querySelector<SVGUseElement>("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("viewBox", "0 0 20 20");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sheet}#i-${name}`);
  drawn.append(use);
  return drawn;
}

let made = 0;

/** An id nobody else has. */
export function fresh(name: string): string {
  made += 1;
  return `${name}-${made}`;
}
