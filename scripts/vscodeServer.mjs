// A VS Code server for machines without a desktop VS Code: taken from npm, checked, kept in .cache/, started on loopback.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { npm, runQuietly } from "./processes.mjs";

/**
 * The npm package that carries a complete VS Code server and workbench, one version per major version of Node that it
 * runs on without building a native module. Integrity as the registry publishes it.
 * @type {readonly { node: number, version: string, vscode: string, integrity: string }[]}
 */
const releases = [
  {
    node: 20,
    version: "4.100.3",
    vscode: "1.100.3",
    integrity: "sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==",
  },
  {
    node: 22,
    version: "4.117.0",
    vscode: "1.117.0",
    integrity: "sha512-FIMu90X/cw9tCAR4wII5ypK4R9Xbg5Zu/2LttqJNH+MuVOP15eODFCnTZHkH44r2d9MjDdaESP8VHSlotpTyQQ==",
  },
  {
    node: 24,
    version: "4.139.1",
    vscode: "1.139.1",
    integrity: "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
  },
];

/** The newest release whose Node is not newer than ours. */
export function releaseForThisNode() {
  const major = Number(process.versions.node.split(".")[0]);
  const fitting = releases.filter(({ node }) => node <= major).at(-1);
  if (!fitting) throw new Error(`Node ${process.versions.node} is too old for a VS Code server; Node 20 or newer is needed`);
  return fitting;
}

/**
 * Makes sure that the server lies in `cacheDir` and answers with its `server-main.js`. Downloads about 45 MB once.
 * @param {{ cacheDir: string, say?: (line: string) => void }} options
 */
export async function provisionServer({ cacheDir, say = () => undefined }) {
  const release = releaseForThisNode();
  const home = join(cacheDir, `vscode-server-${release.version}`);
  const main = join(home, "out", "server-main.js");
  if (await exists(main)) return { main, release };
  say(`Fetching VS Code ${release.vscode} as a server (npm package code-server@${release.version}, about 45 MB, once)`);
  const work = join(cacheDir, `vscode-server-${release.version}.${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await npm(["pack", `code-server@${release.version}`, "--silent"], { cwd: work });
    const tarball = join(work, (await readdir(work)).find((name) => name.endsWith(".tgz")) ?? "");
    await checkIntegrity(tarball, release.integrity);
    await runQuietly("tar", ["xzf", tarball, "package/lib/vscode"], { cwd: work });
    say("Installing the server's own packages");
    const unpacked = join(work, "package", "lib", "vscode");
    await npm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], { cwd: unpacked });
    await rename(unpacked, home).catch(async (error) => {
      if (!(await exists(main))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { main, release };
}

/**
 * Installs a vsix into the folder of extensions that a server started with the same `dir` uses.
 * @param {{ main: string, dir: string, vsix: string }} options
 */
export async function installExtension({ main, dir, vsix }) {
  await runQuietly(process.execPath, [main, "--install-extension", vsix, "--force", ...folders(dir)], { cwd: dir, env: serverEnvironment() });
}

/**
 * Starts a server on loopback and answers when it accepts connections. `dir` holds everything it writes.
 * @param {{ main: string, dir: string, port?: number, settings?: object, env?: object }} options
 */
export async function startServer({ main, dir, port, settings = {}, env = {} }) {
  const user = join(dir, "data", "data", "User");
  await mkdir(user, { recursive: true });
  await writeFile(join(user, "settings.json"), JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
  const chosen = port ?? (await freePort());
  const args = [main, "--host", "127.0.0.1", "--port", String(chosen), "--without-connection-token", "--telemetry-level", "off", ...folders(dir)];
  const child = spawn(process.execPath, args, { cwd: dir, stdio: ["ignore", "pipe", "pipe"], env: { ...serverEnvironment(), ...env } });
  await listening(child);
  return { url: `http://127.0.0.1:${chosen}`, port: chosen, child, stop: () => stopChild(child) };
}

/** The address that opens `folder` in a started server. */
export function folderUrl(url, folder) {
  return `${url}/?folder=${encodeURIComponent(folder)}`;
}

/** Nothing that talks to the network, nothing that covers the view that was asked for. */
const quietSettings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "update.mode": "none",
  "git.enabled": false,
};

function folders(dir) {
  return ["--accept-server-license-terms", "--server-data-dir", join(dir, "data"), "--extensions-dir", join(dir, "extensions")];
}

/** A server started from within an editor's terminal must not take itself for that editor's child. */
function serverEnvironment() {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith("VSCODE_") && name !== "ELECTRON_RUN_AS_NODE");
  return Object.fromEntries(entries);
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let output = "";
    const take = (text) => {
      output = (output + text).slice(-4000);
      if (/listening on|Web UI available|Extension host agent listening/i.test(output)) resolve(undefined);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the VS Code server ended with ${code}:\n${output}`)));
  });
}

/** Ends the server and waits for it; it ends its extension hosts itself. */
async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(hard);
}

async function checkIntegrity(file, integrity) {
  const got = `sha512-${createHash("sha512").update(await readFile(file)).digest("base64")}`;
  if (got !== integrity) throw new Error(`the downloaded VS Code server is not the one we know: wanted ${integrity}, got ${got}`);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function exists(path) {
  return access(path).then(() => true, () => false);
}
