// What every command of this repository needs before it can work: installed packages that match the lockfile.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "./processes.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Installs packages where node_modules is missing or differs from the lockfile. Uses nothing but Node itself.
 * @param {(line: string) => void} say
 */
export async function ensureInstalled(say) {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) throw new Error(`Node ${process.versions.node} is too old: Node 20 or newer is needed`);
  const difference = await differenceToLock();
  if (!difference) return;
  say(`Installing packages with npm ci (${difference})`);
  await npm(["ci", "--no-audit", "--no-fund"], { cwd: root });
}

/** In words why node_modules is not what the lockfile says; undefined when it is. */
async function differenceToLock() {
  const [wanted, installed] = await Promise.all([packagesOf("package-lock.json"), packagesOf("node_modules/.package-lock.json")]);
  if (!installed) return "node_modules is missing";
  for (const [path, { version, optional, devOptional, peer }] of Object.entries(wanted ?? {})) {
    if (path === "" || optional || devOptional || peer) continue;
    const there = installed[path];
    if (there?.version !== version) return `${path.replace(/^.*node_modules\//, "")} ${version} is not installed`;
  }
  return undefined;
}

async function packagesOf(file) {
  try {
    return JSON.parse(await readFile(join(root, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
