// Unique names of a graph, shared by operations and scopes (NS-1 to NS-6).
import { ValueError } from "./errors";

const rootName = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;
const innerName = /^[A-Za-z0-9_.\\/>-]*$/;

/** Which names are taken. Keys are case-insensitive, the case of the request is kept (NS-1). */
export class UsedNames {
  readonly #counts = new Map<string, number>();

  /** Makes `full` unique; with `markAsUsed: false` it only says what the name would be (NS-2). */
  unique(full: string, markAsUsed = true): string {
    const key = full.toLowerCase();
    let count = this.#counts.get(key) ?? 0;
    if (markAsUsed) this.#counts.set(key, count + 1);
    if (count === 0) return full;
    let name = full;
    let nameKey = key;
    while (this.#counts.has(nameKey)) {
      name = `${full}_${count}`;
      nameKey = `${key}_${count}`;
      count += 1;
    }
    if (markAsUsed) this.#counts.set(nameKey, 1);
    return name;
  }
}

/** Refuses an operation's name that TensorFlow would refuse (NS-6). */
export function checkOperationName(name: string): void {
  if (!rootName.test(name)) throw new ValueError(`'${name}' is not a valid node name`);
}

/** Refuses a scope's name that TensorFlow would refuse (NS-6); `root` when no scope is open around it. */
export function checkScopeName(name: string, root: boolean): void {
  if (root && !rootName.test(name)) throw new ValueError(`'${name}' is not a valid root scope name`);
  if (!root && !innerName.test(name)) throw new ValueError(`'${name}' is not a valid scope name`);
}
