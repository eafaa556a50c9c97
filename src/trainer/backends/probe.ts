// Trying something dangerous in a throw-away process: native code may crash, hang or print instead of throwing.
import { spawn } from "node:child_process";

/** How the throw-away process ended, with what it printed on stderr (the last 64 KiB). */
export type ProbeOutcome =
  | { readonly kind: "answered"; readonly answer: unknown; readonly stderr: string }
  | { readonly kind: "died"; readonly signal?: NodeJS.Signals; readonly exitCode?: number; readonly stderr: string }
  | { readonly kind: "timedOut"; readonly limitMs: number; readonly stderr: string };

const stderrLimit = 65_536;

/**
 * Runs CommonJS source in a child with the program we run in. The source answers by calling `answer(value)` (JSON) once;
 * `args` holds the arguments. Whatever the child does, this resolves within the limit.
 */
export function probe(
  source: string,
  { args, limitMs, env }: { args: readonly string[]; limitMs: number; env?: NodeJS.ProcessEnv },
): Promise<ProbeOutcome> {
  const child = spawn(process.execPath, ["-e", preamble + source, "--", ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    windowsHide: true,
  });
  const stderr = collect(child.stdio[2]);
  const answer = collect(child.stdio[3]);
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, limitMs);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      const said = parsed(answer.text());
      if (timedOut) resolve({ kind: "timedOut", limitMs, stderr: stderr.text() });
      else if (said) resolve({ kind: "answered", answer: said.value, stderr: stderr.text() });
      else resolve({ kind: "died", ...(signal ? { signal } : { exitCode: exitCode ?? 0 }), stderr: stderr.text() });
    });
  });
}

/** Node 23 dropped `util.isNullOrUndefined`, which tfjs-node 4.22.0 calls at its first operation. */
const preamble = `
const util = require("node:util");
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const args = process.argv.slice(1);
const answer = (value) => { require("node:fs").writeSync(3, JSON.stringify(value)); process.exit(0); };
`;

function collect(stream: unknown): { text(): string } {
  let text = "";
  const readable = stream as NodeJS.ReadableStream | null | undefined;
  readable?.setEncoding("utf8");
  readable?.on("data", (chunk: string) => {
    text = (text + chunk).slice(-stderrLimit);
  });
  return { text: () => text };
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
