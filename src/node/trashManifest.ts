// The manifest of one prune: what lies in its trash folder and how the state file listed it.

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
}

/** The manifest that `text` holds; undefined when it is none. */
export function parseManifest(text: string): TrashManifest | undefined {
  const value = parseJson(text);
  if (!isObject(value) || value["version"] !== 1 || typeof value["movedSeconds"] !== "number") return undefined;
  const { listed, checkpoints, movedSeconds } = value;
  if (!isStrings(listed) || !Array.isArray(checkpoints)) return undefined;
  const read = checkpoints.map(readCheckpoint);
  const sound = read.filter((checkpoint) => checkpoint !== undefined);
  return sound.length === read.length ? { version: 1, movedSeconds, listed, checkpoints: sound } : undefined;
}

function readCheckpoint(value: unknown): TrashManifest["checkpoints"][number] | undefined {
  if (!isObject(value)) return undefined;
  const { prefix, files, bytes } = value;
  return typeof prefix === "string" && isStrings(files) && typeof bytes === "number"
    ? { prefix, files, bytes }
    : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
