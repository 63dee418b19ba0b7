// The browser's part of Jalon: two small entries, one style sheet. The pages read `.vite/manifest.json` (web/assets.py).
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/build/",
  publicDir: false,
  // the editor of forms brings a preact of its own; two of them in one page do not speak to each other
  resolve: { dedupe: ["preact"] },
  build: {
    outDir: "web/static/build",
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    // light-dark(), :has() and the popover attribute stay as written
    target: ["chrome123", "edge123", "firefox125", "safari17.5"],
    // a font or an icon in a data: address would need a wider CSP
    assetsInlineLimit: 0,
    rolldownOptions: { input: { app: "web/editors/app.ts", "studio-bpmn": "web/editors/studio-bpmn.ts",
      "studio-dmn": "web/editors/studio-dmn.ts", "studio-form": "web/editors/studio-form.ts" } },
  },
});
