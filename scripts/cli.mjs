// npm run -s cli -- …: builds first when a source is newer than the build, then runs the command line. Prints nothing of its own on stdout.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { dist, ensureBuilt } from "./ensureBuilt.mjs";

await ensureBuilt();
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(process.execPath, [join(dist, "cli.mjs"), ...process.argv.slice(2)], { stdio: "inherit", cwd });
// A terminal sends Ctrl-C to both; the program decides what it means.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.once("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.once("close", (code, signal) => (process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)));
