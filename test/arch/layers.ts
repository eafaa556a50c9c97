// The import table of docs/architecture.md as data: which folder is which layer, and whom it may import.

export interface Layer {
  readonly name: string;
  /** Folder below the root. */
  readonly folder: string;
  readonly layers: readonly string[];
  /** Package names, `node:` for all of Node's own, a trailing `*` for a scope. */
  readonly packages: readonly string[];
}

const pure = ["base", "model"];
const disk = [...pure, "protocol", "formats", "analysis", "node"];

export const layers: readonly Layer[] = [
  { name: "base", folder: "src/base", layers: [], packages: [] },
  { name: "model", folder: "src/model", layers: ["base"], packages: [] },
  { name: "protocol", folder: "src/protocol", layers: pure, packages: ["zod"] },
  { name: "formats", folder: "src/formats", layers: pure, packages: [] },
  { name: "analysis", folder: "src/analysis", layers: pure, packages: [] },
  { name: "node", folder: "src/node", layers: [...pure, "protocol", "formats"], packages: ["node:"] },
  { name: "runtime", folder: "src/runtime", layers: [...pure, "formats", "analysis", "node"], packages: ["node:", "@tensorflow/*", "pngjs", "jpeg-js"] },
  { name: "reader", folder: "src/reader", layers: [...disk, "host"], packages: ["node:"] },
  { name: "host", folder: "src/host", layers: disk, packages: ["node:"] },
  { name: "trainer", folder: "src/trainer", layers: [...disk, "runtime"], packages: ["node:", "@tensorflow/*", "sucrase"] },
  { name: "extension", folder: "src/extension", layers: [...pure, "protocol", "host"], packages: ["node:", "vscode"] },
  { name: "cli", folder: "src/cli", layers: [...disk, "host"], packages: ["node:", "commander"] },
  { name: "kit", folder: "webview/kit", layers: [...pure, "protocol"], packages: ["@vscode/webview-ui-toolkit", "lit-html"] },
  ...["curves", "graph", "checkpoints"].map((view) => ({
    name: `webview/${view}`,
    folder: `webview/${view}`,
    layers: [...pure, "protocol", "analysis", "kit"],
    packages: ["lit-html", ...(view === "curves" ? ["chart.js"] : [])],
  })),
];

/** Budgets of CONTRIBUTING.md. */
export const budgets = { fileLines: 500, functionLines: 80, documentedShare: 0.95 };

/** Layers whose exports must carry doc comments. */
export const documented = ["base", "model", "protocol", "formats", "analysis", "node", "runtime"];
