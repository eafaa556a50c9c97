// npm run test:interop: TensorFlow, TensorBoard and PyTorch read what we write, and we read what they write (test/interop).
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { dist, ensureBuilt } from "./ensureBuilt.mjs";
import { runQuietly } from "./processes.mjs";
import { root } from "./setUp.mjs";

const python = process.env.TRAINSCOPE_PYTHON ?? "python3";
const program = join(root, ".cache", "interop", `main-${process.pid}.mjs`);
/** How each sample is run, in a folder of its name. */
const samples = {
  pix2pix: ["pix2pix.ts", "--max_steps", "20", "--size", "32", "--save_freq", "10"],
  classifier: ["classifier.ts", "--max_steps", "20"],
  modelFit: ["train.mjs", "2"],
};
const counts = { passed: 0, failed: 0, skipped: 0 };
const countOf = { ok: "passed", FAILED: "failed", skipped: "skipped" };

/** Why the peers cannot be asked; undefined when they can. */
async function whatIsMissing() {
  try {
    await runQuietly(python, ["-c", "import tensorflow, tensorboard"], { cwd: root });
    return undefined;
  } catch (error) {
    const module = /No module named '(\w+)'/.exec(error.message)?.[1];
    return module ?? (error.code === "ENOENT" ? `${python} itself` : "a TensorFlow that can be loaded");
  }
}

/** Runs a side of the check, shows its lines and counts them. A side that dies is one failure. */
async function side(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let rest = "";
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaints += text));
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (rest) take(rest);
  if (code !== 0) take(`FAILED   ${args.join(" ")} ended with ${code}\n${complaints.slice(-4000)}`);
}

function take(line) {
  const count = countOf[line.split(" ", 1)[0]];
  if (count) counts[count]++;
  console.log(line);
}

async function bundled() {
  await mkdir(join(root, ".cache", "interop"), { recursive: true });
  await build({
    absWorkingDir: root, entryPoints: [join(root, "test", "interop", "main.ts")], outfile: program, bundle: true, format: "esm",
    platform: "node", target: "node20", keepNames: true, logLevel: "warning", external: ["@tensorflow/*"],
    banner: { js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);' },
  });
}

async function main(dir) {
  await ensureBuilt();
  await bundled();
  await side(process.execPath, [program, "write", dir]);
  const run = (sample, [script, ...args], into) => runQuietly(process.execPath, [
    join(dist, "cli.mjs"), "run", join(root, "samples", sample, script), "--logdir", join(dir, "samples", into), "--backend", "wasm", "--", ...args,
  ], { cwd: root });
  for (const [name, how] of Object.entries(samples)) await run(name, how, name);
  await run("pix2pix", ["pix2pix.ts", "--mode", "export", "--checkpoint", join(dir, "samples", "pix2pix")], "exported");
  await side(process.execPath, [program, "samples", dir, ...Object.keys(samples)]);
  await side(python, [join(root, "test", "interop", "check.py"), dir]);
  await side(process.execPath, [program, "read", dir]);
}

const missing = await whatIsMissing();
if (missing) {
  console.log(`skipped  ${missing} is missing: install TensorFlow with TensorBoard (pip install tensorflow) and name its Python in TRAINSCOPE_PYTHON.`);
  counts.skipped++;
} else {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "trainscope-interop-")));
  await main(dir).catch((error) => take(`FAILED   ${error.message}`));
  await rm(program, { force: true });
  if (counts.failed > 0) console.log(`What was written stays in ${dir}.`);
  else await rm(dir, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
