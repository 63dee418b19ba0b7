/*
 * The editor of forms: form-js in our ink. Its own texts are English only: the library has no way to translate them (docs/studio.md).
 * The mark of the library's makers stays in view, as its licence asks.
 */
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "../static/style/editor.css";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { Judge } from "./studio/judge";
import { fail, Saving } from "./studio/saving";
import { get } from "./studio/server";

const holder = document.querySelector<HTMLElement>("[data-editor=form]");
if (holder) begin(holder).catch((error: unknown) => fail(holder, error));

async function begin(place: HTMLElement): Promise<void> {
  const { content } = await get<{ content: string }>(place.dataset["data"] ?? "");
  const editor = new FormEditor({ container: place }) as any;
  await editor.importSchema(JSON.parse(content));
  const text = async () => JSON.stringify(editor.saveSchema(), null, 2) + "\n";
  const saving = new Saving(place, text);
  saving.begin(await text());
  const judge = new Judge(place, text);
  editor.on("changed", () => { saving.touch(); judge.soon(); });
  await judge.look();
  place.dataset["drawn"] = "yes";
}
