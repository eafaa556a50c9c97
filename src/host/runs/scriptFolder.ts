// Which files a run's graph may lead to: those in the folder of the run's own script.
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { readRunRecord } from "#node/runRecord";
import { isWithin } from "./runFolders";

/**
 * Whether a file lies in or below the folder of the script that the run in `dir` records, links followed. False for what is not
 * there, and for a path on another machine: a graph may come from anybody, and only looking there would tell that machine who looks.
 */
export async function isBesideScript(dir: string, file: string): Promise<boolean> {
  const script = (await readRunRecord(dir).catch(notThere))?.script;
  if (script === undefined || [script, file].some((path) => /^[\\/]{2}/.test(path))) return false;
  const [folder, path] = await Promise.all([dirname(script), file].map((one) => realpath(one).catch(notThere)));
  return folder !== undefined && path !== undefined && isWithin(path, folder);
}

function notThere(): undefined {
  return undefined;
}
