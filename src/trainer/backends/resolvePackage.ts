// Where a package is: beside the person's script first, beside our own program second.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { codeOf } from "#node/files";
import { Refusal } from "./refusal";

/** A package on disk: its main file and version. */
export interface FoundPackage {
  readonly name: string;
  /** Absolute path of the file that `require` or `import` would load. */
  readonly main: string;
  readonly version: string;
}

/** Finds a package for the script at `resolveFrom`; throws Refusal where neither it nor we have it. */
export function resolvePackage(name: string, resolveFrom: string): FoundPackage {
  for (const from of [resolveFrom, import.meta.url]) {
    try {
      const main = createRequire(from).resolve(name);
      return { name, main, version: versionAt(main, name) };
    } catch (error) {
      if (codeOf(error) !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new Refusal(`the package ${name} is not installed`);
}

/** Walks up from a package's main file to its package.json; many packages do not export that file. */
function versionAt(main: string, name: string): string {
  for (let dir = dirname(main); dir !== dirname(dir); dir = dirname(dir)) {
    const found = readJson(join(dir, "package.json"));
    if (found?.name === name) return found.version ?? "unknown version";
  }
  return "unknown version";
}

function readJson(path: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { name?: string; version?: string };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
