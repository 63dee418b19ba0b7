/* English names of what is drawn: written in the diagram, or, where they stand there already, in the file of English texts beside it. */
import type { Drawn, Drawing, Meaning } from "./drawing";
import { isFrench } from "./words";

export class English {
  private readonly changed: Record<string, string> = {};

  /** `texts`: what the file says, by element id; `touch` hears a change that is not in the diagram. */
  constructor(private readonly texts: Record<string, string>, private readonly touch: () => void) {}

  of(meaning: Meaning): string {
    return String(meaning.get("jalon:nameEn") ?? "") || (this.changed[meaning.id] ?? this.texts[meaning.id] ?? "");
  }

  /** The name in the reader's language, as far as there is one. */
  name(meaning: Meaning): string {
    return (isFrench ? "" : this.of(meaning)) || meaning.name || meaning.id;
  }

  write(drawing: Drawing, element: Drawn, meaning: Meaning, value: string): void {
    if (meaning.id in this.texts && !meaning.get("jalon:nameEn")) {
      this.changed[meaning.id] = value;
      this.touch();
    } else drawing.setInside(element, meaning, { "jalon:nameEn": value });
  }

  /** What was changed in the file, to be saved with the diagram; nothing when nothing was. */
  get held(): { elements: Record<string, string> } | undefined {
    return Object.keys(this.changed).length ? { elements: this.changed } : undefined;
  }

  /** Take over what a copy in this browser had changed. */
  restore(held: unknown): void {
    const elements = (held as { elements?: Record<string, string> } | undefined)?.elements;
    if (elements) Object.assign(this.changed, elements);
  }
}
