// npm run -s cli -- …: builds first when a source is newer than the build, then runs the command line. Prints nothing of its own on stdout.
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, "dist", "cli.mjs");

async function newest(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}

async function isBuilt() {
  const built = await stat(program).catch(() => undefined);
  if (!built) return false;
  const sources = await Promise.all(["src", "scripts"].map((folder) => newest(join(root, folder))));
  return sources.every((time) => time <= built.mtimeMs);
}

if (!(await isBuilt())) {
  const { buildAll } = await import("./build.mjs");
  console.log = console.error;
  await buildAll();
}

const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit", cwd: process.env.INIT_CWD ?? process.cwd() });
// The terminal sends Ctrl-C to both; the program decides what it means.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
child.once("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.once("close", (code, signal) => (process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)));
