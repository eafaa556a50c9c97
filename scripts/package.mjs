// Builds and packs the extension: node scripts/package.mjs [--out FILE] [--no-build]
import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAll } from "./build.mjs";
import { makeDigits } from "./digits.mjs";
import { runQuietly } from "./processes.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where the packed extension lies unless another place is asked for. */
export const defaultVsix = join(root, ".cache", "trainscope.vsix");

/**
 * Packs what `.vscodeignore` lets through. Nothing of node_modules: everything that runs is bundled in dist.
 * @param {{ out?: string, fresh?: boolean }} [options] `fresh: false` packs dist as it stands
 */
export async function packageExtension({ out = defaultVsix, fresh = true } = {}) {
  if (fresh) await buildAll();
  await makeDigits();
  await mkdir(dirname(out), { recursive: true });
  const vsce = join(dirname(createRequire(import.meta.url).resolve("@vscode/vsce/package.json")), "vsce");
  const args = ["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--skip-license", "--out", out];
  if (!existsSync(vsce)) throw new Error("@vscode/vsce is not installed; run npm ci");
  await runQuietly(process.execPath, [vsce, ...args], { cwd: root });
  return { out, bytes: (await stat(out)).size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--out");
  const out = at > 0 && process.argv[at + 1] ? resolve(process.argv[at + 1]) : undefined;
  const packed = await packageExtension({ out, fresh: !process.argv.includes("--no-build") });
  console.log(`Packed ${packed.out} (${(packed.bytes / 1e6).toFixed(2)} MB)`);
}
