// Running other programs from our scripts: quietly with the output kept for the error, or with everything shown.
import { spawn } from "node:child_process";

/**
 * Runs npm quietly. Our own npm, so that its configuration and its caches apply.
 * @param {string[]} args
 * @param {{ cwd: string }} options
 */
export function npm(args, { cwd }) {
  const own = process.env.npm_execpath;
  if (own?.endsWith(".js")) return runQuietly(process.execPath, [own, ...args], { cwd });
  return runQuietly(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd, shell: process.platform === "win32" });
}

/**
 * Runs a program to its end and answers with what it printed; a failure carries the tail of its output.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: object, shell?: boolean }} options
 * @returns {Promise<string>}
 */
export function runQuietly(program, args, { cwd, env = process.env, shell = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (text) => (output += text);
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code ?? signal}\n${output.slice(-4000)}`));
    });
  });
}

/**
 * Runs a program with its output on our own terminal and answers with its exit code; a signal counts as 1.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: object, shell?: boolean }} options
 * @returns {Promise<number>}
 */
export function runShown(program, args, { cwd, env = process.env, shell = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, shell, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
