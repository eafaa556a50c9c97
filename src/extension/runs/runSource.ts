// Where the list of runs gets them: folders of the workspace, doors, and the reader for what only event files say.
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { findRuns, describeRun, runAt, type RunFolder } from "#host/runs/runFolders";
import { RunConnection } from "#host/runs/runConnection";
import type { RunInfo } from "#model/run";
import type { RunContent } from "#protocol/readerApi";
import type { RunsSource } from "./runList";

/** What the source needs of its surroundings. */
export interface SourceParts {
  roots(): readonly string[];
  /** The folder, relative to a root, in which new runs are made: names are shown without it. */
  runsFolder(): string;
  /** What a run's event files hold. */
  read(dir: string): Promise<RunContent>;
  /** A run's files were read and it can be described better. */
  contentRead(dir: string): void;
  failed(dir: string, error: unknown): void;
}

/** Runs whose event files are read for the list without being opened; the others say what their folder says. */
const maxRead = 200;

/** Runs on this machine's disk. */
export function diskRuns(parts: SourceParts): RunsSource {
  const contents = new Map<string, { readonly modifiedMs: number; readonly content: RunContent }>();
  const wanted = new Map<string, RunFolder>();
  let reading = false;
  const readWanted = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    for (const [dir, folder] of wanted) {
      wanted.delete(dir);
      try {
        const content = await parts.read(dir);
        contents.set(dir, { modifiedMs: folder.modifiedMs, content });
        parts.contentRead(dir);
      } catch (error) {
        parts.failed(dir, error);
      }
    }
    reading = false;
  };
  const describe = async (folder: RunFolder, name: string): Promise<RunInfo> => {
    const known = contents.get(folder.dir);
    const run = await describeRun({ ...folder, name }, known?.content);
    const fresh = known?.modifiedMs === folder.modifiedMs;
    if (!fresh && run.state !== "running" && folder.eventFiles.length > 0 && contents.size < maxRead) {
      wanted.set(folder.dir, folder);
      void readWanted();
    }
    const loss = known && lossOf(known.content);
    return { ...run, lastWallTimeSeconds: run.lastWallTimeSeconds ?? folder.modifiedMs / 1000, ...(loss && { loss }) };
  };
  const shownName = (name: string): string => {
    const prefix = `${parts.runsFolder().replace(/[\\/]+$/, "").replaceAll("\\", "/")}/`;
    return name.startsWith(prefix) ? name.slice(prefix.length) : name;
  };
  return {
    roots: () => parts.roots().map((root) => realpathSync(root)),
    find: async (root) => Promise.all((await findRuns(root)).map((folder) => describe(folder, folder.name === "." ? basename(root) : shownName(folder.name)))),
    describe: async ({ dir, name }) => {
      const folder = await runAt(dir);
      return folder && describe(folder, name);
    },
    connect: (dir) => RunConnection.connect(dir),
    nowSeconds: () => Date.now() / 1000,
  };
}

/** The first tag with "loss" in its name, as a training itself chooses it. */
function lossOf({ tags }: RunContent): RunInfo["loss"] {
  const tag = tags.find(({ tag: name, last }) => last && /loss/i.test(name));
  return tag?.last && { tag: tag.tag, value: tag.last.value };
}
