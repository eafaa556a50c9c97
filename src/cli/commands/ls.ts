// trainscope ls: the runs below a folder.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "#base/errors";
import { patiently } from "../patience";
import type { RunInfo } from "#model/run";
import type { ReaderAsks } from "#protocol/readerApi";
import { describeRun, findRuns, type RunFolder } from "#host/runs/runFolders";
import { count, duration, printJson, size, table, value, type Terminal } from "../output";

/** Prints every run with its state. */
export async function ls(
  dir: string,
  { json = false }: { readonly json?: boolean },
  { reader, terminal }: { readonly reader: ReaderAsks; readonly terminal: Terminal },
): Promise<number> {
  const root = resolve(dir);
  if (
    !(await stat(root).then(
      (found) => found.isDirectory(),
      () => false,
    ))
  )
    throw new UserError(`There is no folder ${dir}.`);
  const runs: RunInfo[] = [];
  for (const folder of await findRuns(root)) runs.push(await infoOf(folder, reader));
  if (json) terminal.out(`${printJson({ runs: runs.map(row) })}\n`);
  else terminal.out(runs.length === 0 ? `No runs below ${dir}.\n` : printRuns(runs));
  return 0;
}

/** A run with what its event files say; the reader lets go of them afterwards. */
async function infoOf(folder: RunFolder, reader: ReaderAsks): Promise<RunInfo> {
  if (folder.eventFiles.length === 0) return describeRun(folder);
  const content = await patiently(`Reading ${folder.name}`, reader.open({ dir: folder.dir, follow: false }));
  await reader.close({ dir: folder.dir });
  return describeRun(folder, content);
}

function row({
  name,
  state,
  lastStep,
  lastWallTimeSeconds,
  tags,
  checkpoints,
  bytes,
  backend,
  parent,
}: RunInfo): object {
  // A run that a person ended by force was stopped; the finer word is in its end.
  return {
    name,
    state: state === "killed" ? "stopped" : state,
    lastStep,
    lastWallTimeSeconds,
    tags,
    checkpoints,
    bytes,
    backend,
    parent,
  };
}

function printRuns(runs: readonly RunInfo[]): string {
  const now = Date.now() / 1000;
  return table(
    ["RUN", "STATE", "STEP", "LOSS", "AGE", "TAGS", "CHECKPOINTS", "SIZE", "BACKEND"],
    runs.map(({ name, state, lastStep, progress, lastWallTimeSeconds, tags, checkpoints, bytes, backend }) => [
      name,
      state,
      count(progress?.step ?? lastStep),
      value(progress?.loss?.value),
      lastWallTimeSeconds === undefined ? "" : duration(now - lastWallTimeSeconds),
      count(tags),
      count(checkpoints),
      size(bytes),
      backend ?? "",
    ]),
  );
}
