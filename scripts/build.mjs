// Builds everything that runs into dist/: node scripts/build.mjs [--watch] [--quiet]
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";
import { runGlyphsFont } from "./runGlyphs.mjs";
import { writeTypes } from "./types.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const resolve = createRequire(import.meta.url).resolve;
const at = (path) => join(root, path);

/** What bundled CommonJS packages expect to find in an ES module. */
const commonJsGlobals = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __toPath } from "node:url";',
  'import { dirname as __dirOf } from "node:path";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __toPath(import.meta.url);",
  "const __dirname = __dirOf(__filename);",
].join("\n");

/** @type {import("esbuild").BuildOptions} */
const shared = { bundle: true, minify: true, keepNames: true, sourcemap: false, logLevel: "warning", absWorkingDir: root, legalComments: "none" };

/** @type {import("esbuild").BuildOptions} */
const forNode = { ...shared, platform: "node", target: "node20" };

/** @type {import("esbuild").BuildOptions} */
const forBrowser = { ...shared, platform: "browser", target: "chrome122", keepNames: false, loader: { ".ttf": "file" } };

/**
 * Every bundle. The programs that run in Node share chunks, so that a trainer and the library that its script imports are
 * one copy of the runtime. TensorFlow.js stays outside: the script's own copy is used, ours in dist/tfjs only where it has none.
 * @type {readonly import("esbuild").BuildOptions[]}
 */
const bundles = [
  {
    ...forNode,
    entryPoints: { extension: at("src/extension/main.ts") },
    outdir: dist,
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    external: ["vscode"],
  },
  {
    ...forNode,
    entryPoints: Object.fromEntries(tfjsModules().map((name) => [name, `@tensorflow/${name}`])),
    outdir: join(dist, "tfjs"),
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
    outExtension: { ".js": ".mjs" },
    mainFields: ["module", "main"],
    // The names of TensorFlow.js's classes are part of its own registry; they are given by static fields, not by `name`.
    keepNames: false,
    banner: { js: commonJsGlobals },
  },
  ...[["curves", "curves/main"], ["graph", "graph/main"], ["checkpoints", "checkpoints/main"], ["checkpointFile", "checkpoints/filePage"], ["compare", "checkpoints/compareMain"]].map(([page, program]) => ({
    ...forBrowser,
    entryPoints: { [page]: at(`webview/${program}.ts`) },
    outdir: dist,
    format: /** @type {const} */ ("iife"),
  })),
  {
    ...forBrowser,
    entryPoints: Object.fromEntries(["curves", "graph", "checkpoints"].map((view) => [view, at(`webview/${view}/${view}.css`)])),
    outdir: dist,
  },
  { ...forBrowser, entryPoints: { layoutWorker: at("webview/graph/layoutWorker.ts") }, outdir: dist, format: "iife" },
  {
    ...forNode,
    entryPoints: {
      reader: at("src/reader/main.ts"),
      trainer: at("src/trainer/main.ts"),
      scriptHooks: at("src/trainer/scriptHooks.ts"),
      trainscope: at("src/runtime/index.ts"),
      cli: at("src/cli/main.ts"),
    },
    outdir: dist,
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
    outExtension: { ".js": ".mjs" },
    external: ["@tensorflow/*"],
    banner: { js: commonJsGlobals },
  },
];

/** The modules of TensorFlow.js that a script or the runtime may import by name; they share one core. */
function tfjsModules() {
  return ["tfjs", "tfjs-core", "tfjs-backend-cpu", "tfjs-backend-wasm"];
}

/** Files that are not bundled: icons' fonts, and the kernels of TensorFlow.js's WebAssembly backend. Answers where they went. */
async function copyFiles() {
  const codicons = dirname(resolve("@vscode/codicons/dist/codicon.css"));
  const wasm = dirname(resolve("@tensorflow/tfjs-backend-wasm"));
  const copies = [
    ...["codicon.css", "codicon.ttf"].map((name) => [join(codicons, name), join(dist, "codicons", name)]),
    ...["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"].map((name) => [join(wasm, name), join(dist, "tfjs", name)]),
  ];
  for (const [from, to] of copies) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  }
  const glyphs = join(dist, "runGlyphs.ttf");
  await writeFile(glyphs, runGlyphsFont());
  return [glyphs, ...copies.map(([, to]) => to)];
}

/**
 * Builds everything once. What is there is replaced file by file and only then is what is left over removed, so that a
 * program that runs out of dist/ meanwhile finds its files. The programs for Node come last: they are there when all is.
 */
export async function buildAll() {
  const written = new Set(await copyFiles());
  await writeTypes({ root, entry: at("src/runtime/index.ts"), out: at("types") });
  for (const options of bundles) {
    const { metafile } = await build({ ...options, metafile: true });
    for (const file of Object.keys(metafile.outputs)) written.add(join(root, file));
  }
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(file)) await rm(file);
  }
}

async function watchAll() {
  await buildAll();
  for (const options of bundles) await (await context({ ...options, logLevel: "info" })).watch();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  if (process.argv.includes("--watch")) {
    await watchAll();
  } else {
    await buildAll();
    const { version } = JSON.parse(await readFile(at("package.json"), "utf8"));
    if (!process.argv.includes("--quiet")) console.log(`Built Trainscope ${version} into dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}
