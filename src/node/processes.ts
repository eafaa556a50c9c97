// Starting and ending other processes: which Node, which environment, whole groups.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { access, constants, open } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "#base/errors";
import { codeOf } from "./files";

/** The oldest Node that a trainer runs on. */
const oldestNode = 20;

const windows = process.platform === "win32";
const run = promisify(execFile);

/** A Node to run programs with, and what its environment needs beyond our own. */
export interface NodeProgram {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a Node: the one the setting names, else the first on PATH that is new enough, else the program we run in (an
 * editor's binary acts as Node when told so). Throws UserError when the setting's is none.
 */
export async function findNode(setting?: string): Promise<NodeProgram> {
  if (setting) {
    const major = await nodeMajor(setting, {});
    if (major !== undefined && major >= oldestNode) return { path: setting, env: {} };
    const what = major === undefined ? "is no Node.js" : `is Node.js ${major}; at least ${oldestNode} is needed`;
    throw new UserError(`${setting} ${what}.`, "Change the setting for the Node.js that runs training.");
  }
  for (const path of await onPath("node")) {
    const major = await nodeMajor(path, {});
    if (major !== undefined && major >= oldestNode) return { path, env: {} };
  }
  return { path: process.execPath, env: process.versions["electron"] ? { ELECTRON_RUN_AS_NODE: "1" } : {} };
}

/** Our environment without what an editor put there for itself: it changes how Node and Electron programs behave. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const editors = /^(VSCODE_|ELECTRON_)/;
  const kept = Object.entries(env).filter(([name]) => !editors.test(name));
  // The editor's debugger loads itself into every Node it can reach.
  return Object.fromEntries(
    kept.filter(([name, value]) => !(name === "NODE_OPTIONS" && /js-debug|vscode/i.test(value ?? ""))),
  );
}

/** Starts a program that outlives us: its own process group, output appended to a file, no pipe to break. */
export async function spawnDetached(
  program: string,
  args: readonly string[],
  { cwd, env, logFile }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly logFile: string },
): Promise<ChildProcess> {
  const log = await open(logFile, "a", 0o600);
  try {
    const child = spawn(program, [...args], {
      cwd,
      env,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Signals a whole process group that `spawnDetached` started. A group that is gone is no error. */
export async function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (windows) {
    // Windows has no signals; without /F a console program without a window does not hear the request.
    await run("taskkill", ["/PID", String(pid), "/T", "/F"]).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") throw error;
    });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/** Whether a process with this id runs. It may be another one than was meant: a number is used again. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== "EPERM") return false;
  }
  return !isZombie(pid);
}

/** Whether a process has ended and only its number is left, as in containers whose first process takes care of no orphans. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    // The state stands behind the name, which is in brackets and may hold anything.
    return /^[ZX]$/.test(/.*\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1] ?? "");
  } catch (error) {
    // It went away meanwhile, or the system shows no processes of others: the signal's answer stands.
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

async function nodeMajor(path: string, env: Readonly<Record<string, string>>): Promise<number | undefined> {
  try {
    const { stdout } = await run(path, ["--version"], {
      env: { ...cleanEnvironment(), ...env },
      timeout: 10_000,
      windowsHide: true,
    });
    const major = /^v(\d+)\./.exec(stdout)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch (error) {
    // Not there, not ours to run, or something else that goes by this name.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

async function onPath(name: string): Promise<readonly string[]> {
  const file = windows ? `${name}.exe` : name;
  const found: string[] = [];
  for (const folder of new Set((process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute))) {
    const path = join(folder, file);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      found.push(path);
  }
  return found;
}
