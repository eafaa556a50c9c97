// A folder for one test, with its own place for doors, gone afterwards.
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

export interface Temporary {
  readonly root: string;
  /** Makes a folder below it. */
  folder(name: string): Promise<string>;
}

/** Gives every test of a file a fresh folder. Doors open below it, so no test can meet another's. */
export function useTemporary(): Temporary {
  let root = "";
  const runtimeDir = process.env["XDG_RUNTIME_DIR"];
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "ts-")));
    process.env["XDG_RUNTIME_DIR"] = root;
  });
  afterEach(async () => {
    if (runtimeDir === undefined) delete process.env["XDG_RUNTIME_DIR"];
    else process.env["XDG_RUNTIME_DIR"] = runtimeDir;
    await rm(root, { recursive: true, force: true });
  });
  return {
    get root() {
      return root;
    },
    folder: async (name) => {
      const dir = join(root, name);
      await mkdir(dir, { recursive: true });
      return dir;
    },
  };
}
