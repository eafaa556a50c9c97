// Measures readers, training library and chart against their peers: npm run bench -- [P1 P4 …] [--full] [--rounds N] [--cold]. See docs/performance.md.
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
  entryPoints: { chartPage: "test/bench/charts/chartPage.ts" },
  outdir,
  bundle: true,
  format: "iife",
  platform: "browser",
  target: "chrome122",
  logLevel: "warning",
});

const bench = spawn(process.execPath, [join(outdir, "bench.mjs"), ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
bench.on("exit", (code) => (process.exitCode = code ?? 1));
