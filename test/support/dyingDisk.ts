// The file system of a process that dies: after so many operations nothing more happens on disk, and nothing is answered.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { FileHandle } from "node:fs/promises";

const original = { ...fs.promises };
const changing = ["mkdir", "rename", "rm", "open", "link", "copyFile"] as const;

/** Lets `operations` changes to the disk happen; the next one, and all after it, never do. */
export class DyingDisk {
  #left: number;
  readonly #opened: FileHandle[] = [];
  #dead: () => void = () => undefined;
  /** Resolves when the first operation was refused. */
  readonly died: Promise<void>;

  /**
   * With `refuses`, what never happens is refused instead of left without an answer: nothing happens on disk either way, but the
   * work comes to an end, and whatever waits for it.
   */
  constructor(operations: number, private readonly refuses = false) {
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
        return name === "open" ? this.#watched(result as FileHandle, reading) : result;
      },
    });
  }

  /** Each write and sync of a file counts as well. Nothing is really synced: what dies here is the process, not the machine. */
  #watched(handle: FileHandle, reading: boolean): FileHandle {
    this.#opened.push(handle);
    return new Proxy(handle, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...values: unknown[]) => {
          if (!reading && (name === "write" || name === "writeFile" || name === "sync")) await this.#count();
          if (name === "sync") return undefined;
          return (member as (...given: unknown[]) => unknown).apply(target, values);
        };
      },
    });
  }

  async #count(): Promise<void> {
    this.#left -= 1;
    if (this.#left >= 0) return;
    this.#dead();
    if (this.refuses) throw new Error("the process is dead");
    await new Promise(() => undefined);
  }
}
