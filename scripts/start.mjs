// npm start: trains the sample and shows it in VS Code: node scripts/start.mjs [--port N] [--no-browser] [--server]
import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runQuietly } from "./processes.mjs";
import { ensureInstalled, root } from "./setUp.mjs";
import { folderUrl, installExtension, provisionServer, startServer } from "./vscodeServer.mjs";

const samples = join(root, "samples");
const cli = join(root, "dist", "cli.mjs");
const cacheDir = join(root, ".cache");

/** The window opens with the curves of what trains. */
const settings = {
  "trainscope.runs.openCurvesOfRunning": true,
  "window.autoDetectColorScheme": true,
  "workbench.startupEditor": "none",
  "security.workspace.trust.enabled": false,
};

/** What this command started, newest last; ended in reverse. @type {{ what: string, end: () => Promise<unknown> }[]} */
const started = [];

const say = (line) => console.log(line);

async function main() {
  const { port, browser, server } = options(process.argv.slice(2));
  await ensureInstalled(say);
  say("Building Trainscope");
  const { buildAll } = await import("./build.mjs");
  await buildAll();
  const { makeDigits } = await import("./digits.mjs");
  await makeDigits();
  const run = await startTraining();
  const code = server ? undefined : await desktopCode();
  const window = code ? await openDesktop(code) : await openServer({ port, browser });
  say(`Press Ctrl-C to end all of it; the run stays in samples/${run}.`);
  await exited(window);
}

async function startTraining() {
  const script = join("pix2pix", "pix2pix.ts");
  say(`Starting the training samples/${script.replaceAll("\\", "/")}`);
  const output = await runQuietly(process.execPath, [cli, "run", script, "--detach", "--json"], { cwd: samples });
  const line = output.split("\n").find((text) => text.startsWith("{"));
  const { run, pid, backend } = JSON.parse(line ?? "{}");
  say(`Training in samples/${run} (process ${pid}${backend ? `, backend ${backend}` : ""})`);
  started.push({ what: "the training", end: () => runQuietly(process.execPath, [cli, "stop", run], { cwd: samples }).catch(notTraining) });
  return run;
}

/** A training that has ended by itself need not be stopped. */
function notTraining(error) {
  if (!/not training/.test(error.message)) say(error.message);
}

/** The desktop's `code`, where there is a screen for it. In a remote window's terminal `code` is another program. */
async function desktopCode() {
  const screen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const program = process.platform === "win32" ? "code.cmd" : "code";
  const version = await runQuietly(program, ["--version"], { cwd: root, shell: process.platform === "win32" }).catch(() => undefined);
  return version && { program, version: version.split("\n")[0] };
}

/** Opens a window of its own, with its own settings, so that nobody's profile is touched. */
async function openDesktop({ program, version }) {
  say(`Opening VS Code ${version} on samples/`);
  const profile = join(cacheDir, "desktop");
  await mkdir(join(profile, "User"), { recursive: true });
  await writeFile(join(profile, "User", "settings.json"), JSON.stringify(settings, undefined, 2));
  const args = ["--new-window", "--wait", `--user-data-dir=${profile}`, `--extensionDevelopmentPath=${root}`, samples];
  const window = spawn(program, args, { cwd: root, stdio: "ignore", shell: process.platform === "win32" });
  started.push({ what: "VS Code", end: () => endDesktop(profile) });
  return window;
}

/** VS Code writes the process id of its main process into its profile. */
async function endDesktop(profile) {
  const pid = Number(await readFile(join(profile, "code.lock"), "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return;
  try {
    process.kill(pid);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function openServer({ port, browser }) {
  const { main: program, release } = await provisionServer({ cacheDir, say });
  say("Packing and installing the extension");
  const { packageExtension } = await import("./package.mjs");
  const { out } = await packageExtension({ fresh: false });
  const dir = join(cacheDir, "start");
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await installExtension({ main: program, dir, vsix: out });
  const server = await startServer({ main: program, dir, port, settings });
  started.push({ what: "the VS Code server", end: server.stop });
  const address = folderUrl(server.url, samples);
  say(`\nVS Code ${release.vscode} with Trainscope: ${address}\n`);
  if (browser) openBrowser(address);
  return server.child;
}

function openBrowser(address) {
  const [program, args] =
    process.platform === "darwin" ? ["open", [address]] : process.platform === "win32" ? ["cmd", ["/c", "start", "", address.replaceAll("&", "^&")]] : ["xdg-open", [address]];
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return say("Open this address in a browser.");
  const opened = spawn(program, args, { stdio: "ignore", detached: true });
  opened.once("error", () => say("No browser could be opened; open the address yourself."));
  opened.unref();
}

function exited(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

function options(args) {
  const at = args.indexOf("--port");
  const port = at < 0 ? undefined : Number(args[at + 1]);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error("--port wants a number between 1 and 65535");
  const known = new Set(["--port", "--no-browser", "--server"]);
  const unknown = args.find((arg, index) => !known.has(arg) && args[index - 1] !== "--port");
  if (unknown) throw new Error(`unknown option ${unknown}; there are --port N, --no-browser, --server`);
  return { port, browser: !args.includes("--no-browser"), server: args.includes("--server") };
}

let ending;
/** Ends everything that was started, once, in reverse. */
function endAll() {
  ending ??= (async () => {
    for (const { what, end } of started.reverse()) {
      say(`Ending ${what}`);
      await end();
    }
  })();
  return ending;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => void endAll().then(() => process.exit(0)));
}

try {
  await main();
  await endAll();
} catch (error) {
  console.error(error.message);
  await endAll();
  process.exitCode = 1;
}
