// Measures readers, training library and chart against their peers: npm run bench -- [P1 P4 …] [--full] [--rounds N] [--cold]. `npm run bench -- editor [latency|millions|many [POINTS [RUNS]]]` measures a real VS Code. See docs/performance.md.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const outdir = join(root, ".cache", "bench");

await build({
  absWorkingDir: root,
  entryPoints: { bench: "test/bench/bench.ts", variant: "test/bench/variant.ts" },
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});

await build({
  absWorkingDir: root,
  entryPoints: { editorBench: "test/bench/editorBench.ts" },
  // As deep below the root as the source of the editor that it drives, which finds the scripts from where it lies.
  outdir: join(outdir, "editor"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  external: ["../../../scripts/*"],
  logLevel: "warning",
});

await build({
  absWorkingDir: root,
  entryPoints: { chartPage: "test/bench/charts/chartPage.ts" },
  outdir,
  bundle: true,
  format: "iife",
  platform: "browser",
  target: "chrome122",
  logLevel: "warning",
});

// The window itself is measured by a program of its own: no peer stands beside it.
const [first, ...rest] = process.argv.slice(2);
const program = first === "editor" ? ["editor/editorBench.mjs", ...rest] : ["bench.mjs", ...process.argv.slice(2)];
const bench = spawn(process.execPath, [join(outdir, program[0]), ...program.slice(1)], { cwd: root, stdio: "inherit" });
bench.on("exit", (code) => (process.exitCode = code ?? 1));
