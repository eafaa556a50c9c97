// What was saved before a restore stays, although training comes to the same step, and so to the same name, again.
import { constants, copyFile, link } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, isNotFound, syncFolder } from "#node/files";
import { explainWrite } from "#node/writeProblem";
import { dataFiles } from "./checkpointFiles";
import { metaFileName } from "./checkpointPaths";

/** Marks the name of what was saved before a restore, where its own name is taken. */
const mark = "-before-restore";

/** The path of the `attempt`th other name, 1 for the first. */
export function markedPath(path: string, attempt: number): string {
  return `${path}${mark}${attempt > 1 ? `-${attempt}` : ""}`;
}

/** The path that the script saves to, from one that was marked. */
export function withoutMark(path: string): string {
  return path.replace(new RegExp(`${mark}(-\\d+)?$`), "");
}

/**
 * Gives a checkpoint a second name, for the same bytes, and answers it. It stays whole and listed under its own name, until a save replaces
 * that one; the new index comes last, so that a death in between leaves a name that is no checkpoint.
 */
export async function setAside(prefix: string): Promise<string> {
  const [, path = prefix, step = ""] = /^(.*?)(-\d+)?$/s.exec(prefix) ?? [];
  const files = [...(await dataFiles(prefix)), metaFileName(prefix), `${prefix}.index`];
  for (let attempt = 1; ; attempt++) {
    const aside = markedPath(path, attempt) + step;
    try {
      for (const file of files) await nameAgain(file, aside + file.slice(prefix.length));
      await syncFolder(dirname(prefix));
      return aside;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw explainWrite(`The checkpoint ${prefix}, which was saved before a restore, would be lost, and a copy of it`, error);
    }
  }
}

/** A link costs no room; where the file system has none, the file is copied. */
async function nameAgain(file: string, again: string): Promise<void> {
  try {
    await link(file, again);
  } catch (error) {
    if (isNotFound(error)) return;
    if (codeOf(error) === "EEXIST") throw error;
    await copyFile(file, again, constants.COPYFILE_EXCL);
  }
}
