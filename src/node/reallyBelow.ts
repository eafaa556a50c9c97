// Whether a path really lies below a folder, links followed.
import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { isNotFound } from "./files";

/** The path itself may be missing, or be a link: its folder decides. False where that folder, or `root`, is not there. */
export function isReallyBelow(root: string, path: string): boolean {
  try {
    const below = relative(realpathSync(root), join(realpathSync(dirname(path)), basename(path)));
    return below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
