// Builds into dist/ when a source is newer than what lies there; several programs may ask at the same time.
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const lock = join(root, ".cache", "build.lock");
const staleMs = 120_000;

/** Folder of the built programs. */
export const dist = join(root, "dist");

/** Makes dist/ as new as the sources. What the build has to say goes to stderr. */
export async function ensureBuilt() {
  if (await isBuilt()) return;
  await withLock(async () => {
    if (await isBuilt()) return;
    const { buildAll } = await import("./build.mjs");
    const log = console.log;
    console.log = console.error;
    await buildAll().finally(() => (console.log = log));
  });
}

async function isBuilt() {
  const built = await stat(join(dist, "cli.mjs")).catch(() => undefined);
  if (!built) return false;
  const sources = await Promise.all(["src", "scripts", "webview"].map((folder) => newest(join(root, folder))));
  return sources.every((time) => time <= built.mtimeMs);
}

async function newest(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}

async function withLock(work) {
  await mkdir(dirname(lock), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const age = await stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
      if (age > staleMs) await rm(lock, { recursive: true, force: true });
      else await pause(100);
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
