// One writer per folder for all hooks of a process: TF1's FileWriterCache (SY-11).
import { resolve } from "node:path";
import { getDefaultGraph } from "../graph/graph";
import type { Clock } from "../training/clock";
import { FileWriter } from "./fileWriter";

const writers = new Map<string, FileWriter>();

/** The writers that hooks share. Hooks that write into one folder write into one file. */
export const FileWriterCache = {
  /** The folder's writer; a new one writes the default graph first. */
  get(logdir: string, { clock }: { readonly clock?: Clock | undefined } = {}): FileWriter {
    const key = resolve(logdir);
    const writer = writers.get(key) ?? new FileWriter(logdir, { graph: getDefaultGraph(), ...(clock && { clock }) });
    writers.set(key, writer);
    return writer;
  },

  /** The folder's writer, if it has one. */
  find(logdir: string): FileWriter | undefined {
    return writers.get(resolve(logdir));
  },

  /** Resolves once all that was added to any of them is with the operating system. */
  async flush(): Promise<void> {
    await Promise.all([...writers.values()].map((writer) => writer.flush()));
  },

  /** Closes all writers and forgets them: the next ones begin new files. */
  async clear(): Promise<void> {
    const closing = [...writers.values()].map((writer) => writer.close());
    writers.clear();
    await Promise.all(closing);
  },
} as const;
