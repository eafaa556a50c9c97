// A file system in which one file cannot be moved, as when another program holds it open on Windows; also for root.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const original = fs.promises.rename;

/** From now on no file whose path ends in `name` can be moved; the answer ends that. */
export function holdFile(name: string): () => void {
  const refusing: typeof original = async (from, to) => {
    if (String(from).endsWith(name)) throw Object.assign(new Error(`EBUSY: resource busy or locked, rename '${name}'`), { code: "EBUSY" });
    await original(from, to);
  };
  Object.assign(fs.promises, { rename: refusing });
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs.promises, { rename: original });
    syncBuiltinESMExports();
  };
}
