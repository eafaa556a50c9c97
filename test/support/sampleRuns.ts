// A sample as a person runs it, but in this process: what it prints, and a folder for what it writes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginTracing, endTracing, FileWriterCache, resetDefaultGraph, type TrainingContext } from "trainscope";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { makeDigits } from "../../scripts/digits.mjs";

export interface SampleRuns {
  /** There until the file's last test. */
  readonly folder: string;
  /** Runs the sample; answers with what it printed. */
  run(logdir: string, args: string): Promise<string[]>;
}

/** Prepares a file's tests for runs of a sample on wasm. */
export function useSample(main: (context: TrainingContext) => Promise<void>): SampleRuns {
  let folder = "";
  beforeAll(async () => {
    await makeDigits();
    await chooseBackend("wasm", { resolveFrom: import.meta.filename });
    folder = await mkdtemp(join(tmpdir(), "sample-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => vi.restoreAllMocks());
  return {
    get folder() {
      return folder;
    },
    run: async (logdir, args) => {
      const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
      log.mockClear();
      resetDefaultGraph();
      beginTracing();
      try {
        await main({ args: args.split(" "), logdir, progress: {} });
      } finally {
        endTracing();
        await FileWriterCache.clear();
      }
      return log.mock.calls.map((words) => words.join(" "));
    },
  };
}
