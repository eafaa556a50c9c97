// Builds everything that runs into dist/: node scripts/build.mjs [--watch] [--quiet]
import { access, cp, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

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
  ...["curves", "graph", "checkpoints"].map((view) => ({
    ...forBrowser,
    entryPoints: { [view]: at(`webview/${view}/main.ts`) },
    outdir: dist,
    format: /** @type {const} */ ("iife"),
  })),
  {
    ...forBrowser,
    entryPoints: Object.fromEntries(["curves", "graph", "checkpoints"].map((view) => [view, at(`webview/${view}/${view}.css`)])),
    outdir: dist,
  },
  { ...forBrowser, entryPoints: { layoutWorker: at("webview/graph/layoutWorker.ts") }, outdir: dist, format: "iife" },
];

/** The modules of TensorFlow.js that a script or the runtime may import by name; they share one core. */
function tfjsModules() {
  return ["tfjs", "tfjs-core", "tfjs-backend-cpu", "tfjs-backend-wasm"];
}

/** Files that are not bundled: icons' font, and the kernels of TensorFlow.js's WebAssembly backend. */
async function copyFiles() {
  const codicons = dirname(resolve("@vscode/codicons/dist/codicon.css"));
  await mkdir(join(dist, "codicons"), { recursive: true });
  for (const name of ["codicon.css", "codicon.ttf"]) await cp(join(codicons, name), join(dist, "codicons", name));
  const wasm = dirname(resolve("@tensorflow/tfjs-backend-wasm"));
  for (const name of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"]) await cp(join(wasm, name), join(dist, "tfjs", name));
}

async function withoutMissing(options) {
  const entries = await Promise.all(
    Object.entries(options.entryPoints).map(async (entry) => {
      const there = !entry[1].startsWith(root) || (await access(entry[1]).then(() => true, () => false));
      if (!there) console.warn(`missing: ${entry[1].slice(root.length + 1)}`);
      return there ? [entry] : [];
    }),
  );
  return { ...options, entryPoints: Object.fromEntries(entries.flat()) };
}

/** Builds once, from an empty dist. */
export async function buildAll() {
  await rm(dist, { recursive: true, force: true });
  for (const options of bundles) await build(await withoutMissing(options));
  await copyFiles();
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
