// The manifest of one prune: what lies in its trash folder and how the state file listed it.
import { parseIfJson } from "#base/json";
import { isObject } from "#formats/json/json";
import type { PolicyBefore, PrunedBeside } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";

/** Written before anything moves; enough to bring all of it back. */
export interface TrashManifest {
  readonly version: 1;
  readonly movedSeconds: number;
  /** The state file's list as it was, oldest first; empty when nothing listed was moved. */
  readonly listed: readonly string[];
  /** File names are relative to the run's folder and, equally, to the trash folder. */
  readonly checkpoints: readonly {
    readonly prefix: string;
    readonly files: readonly string[];
    readonly bytes: number;
  }[];
  /** What the prune changed in run.json; absent where that was nothing. */
  readonly beside?: PrunedBeside;
}

/** The manifest that `text` holds; undefined when it is none. */
export function parseManifest(text: string): TrashManifest | undefined {
  const value = parseIfJson(text);
  if (!isObject(value) || value["version"] !== 1 || typeof value["movedSeconds"] !== "number") return undefined;
  const { listed, checkpoints, movedSeconds } = value;
  if (!isStrings(listed) || !Array.isArray(checkpoints)) return undefined;
  const read = checkpoints.map(readCheckpoint);
  const sound = read.filter((checkpoint) => checkpoint !== undefined);
  if (sound.length < read.length) return undefined;
  const beside = readBeside(value["beside"]);
  return { version: 1, movedSeconds, listed, checkpoints: sound, ...(beside && { beside }) };
}

/** Parts that are none are left out: the files come back all the same. */
function readBeside(value: unknown): PrunedBeside | undefined {
  if (!isObject(value)) return undefined;
  const [policy, before, { prefix, note }] = [readPolicy(value["policy"]), readPolicy(value["before"]), isObject(value["protect"]) ? value["protect"] : {}];
  const protect = typeof prefix === "string" && typeof note === "string" ? { prefix, note } : undefined;
  return { ...(policy && { policy }), ...(before && { before }), ...(protect && { protect }) };
}

function readPolicy(value: unknown): (RetentionPolicy & PolicyBefore) | undefined {
  if (!isObject(value)) return undefined;
  const { maxToKeep, keepCheckpointEveryNHours, byScript } = value;
  if (!Number.isInteger(maxToKeep) || !(Number(maxToKeep) >= 0) || typeof keepCheckpointEveryNHours !== "number" || !(keepCheckpointEveryNHours > 0)) return undefined;
  return { maxToKeep: Number(maxToKeep), keepCheckpointEveryNHours, ...(byScript === true && { byScript }) };
}

function readCheckpoint(value: unknown): TrashManifest["checkpoints"][number] | undefined {
  if (!isObject(value)) return undefined;
  const { prefix, files, bytes } = value;
  return typeof prefix === "string" && isStrings(files) && typeof bytes === "number"
    ? { prefix, files, bytes }
    : undefined;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
