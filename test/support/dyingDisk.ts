// The file system of a process that dies: after so many operations nothing more happens on disk, and nothing is answered.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { FileHandle } from "node:fs/promises";

const original = { ...fs.promises };
const changing = ["mkdir", "rename", "rm", "open"] as const;

/** Lets `operations` changes to the disk happen; the next one, and all after it, never do. */
export class DyingDisk {
  #left: number;
  readonly #opened: FileHandle[] = [];
  #dead: () => void = () => undefined;
  /** Resolves when the first operation was refused. */
  readonly died: Promise<void>;

  constructor(operations: number) {
    this.#left = operations;
    this.died = new Promise((resolve) => (this.#dead = resolve));
    for (const name of changing) this.#replace(name);
    syncBuiltinESMExports();
  }

  /** The disk is as before; what never happened stays so. Files that the dead left open are closed. */
  async end(): Promise<void> {
    Object.assign(fs.promises, original);
    syncBuiltinESMExports();
    for (const handle of this.#opened.splice(0)) if (handle.fd >= 0) await handle.close();
  }

  #replace(name: (typeof changing)[number]): void {
    const real = original[name] as (...values: unknown[]) => Promise<unknown>;
    Object.assign(fs.promises, {
      [name]: async (...values: unknown[]) => {
        const reading = name === "open" && values[1] === "r";
        if (!reading) await this.#count();
        const result = await real(...values);
        return name === "open" && !reading ? this.#watched(result as FileHandle) : result;
      },
    });
  }

  /** Each write, sync and close of a file counts as well. */
  #watched(handle: FileHandle): FileHandle {
    this.#opened.push(handle);
    return new Proxy(handle, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...values: unknown[]) => {
          if (name === "write" || name === "writeFile" || name === "sync") await this.#count();
          return (member as (...given: unknown[]) => unknown).apply(target, values);
        };
      },
    });
  }

  async #count(): Promise<void> {
    this.#left -= 1;
    if (this.#left >= 0) return;
    this.#dead();
    await new Promise(() => undefined);
  }
}
