// npm run -s conformance -- DIR: runs the cases of a folder through the readers (test/conformance), built from the sources each time.
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, ".cache", "conformance", `main-${process.pid}.mjs`);

await mkdir(dirname(program), { recursive: true });
await build({
  absWorkingDir: root, entryPoints: [join(root, "test", "conformance", "main.ts")], outfile: program, bundle: true, format: "esm",
  platform: "node", target: "node20", keepNames: true, logLevel: "warning", external: ["@tensorflow/*"],
  alias: { trainscope: join(root, "src", "runtime", "index.ts") },
  banner: { js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);' },
});
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = await new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
await rm(program, { force: true });
