// All that a reader can be asked, whether it runs in a worker or in the program itself.
import { endSums } from "#analysis/checkpoints/endSums";
import { listCheckpoints } from "#analysis/checkpoints/listCheckpoints";
import { prunePlan } from "#analysis/checkpoints/prunePlan";
import { UserError } from "#base/errors";
import type { Disposable } from "#base/lifetime";
import type { CheckpointsRequest, HostTells, ReaderAsks, ReaderTells } from "#protocol/readerApi";
import { readCheckpointFacts } from "./checkpointFacts";
import { CheckpointHealth } from "./checkpointHealth";
import { curveAsks, type FindSeries } from "./curves";
import { graphAsks } from "./graphAsks";
import { GraphCache } from "./graphCache";
import { lookAsks } from "./lookAsks";
import { RunReader } from "./runReader";
import { Tasks } from "./tasks";

/** What a reader answers and is told. */
export interface ReaderService extends ReaderAsks, ReaderTells, Disposable {}

/** Makes a reader; `tell` hears of changes of the runs that are open and followed. */
export function createReader(tell: HostTells): ReaderService {
  const runs = new Map<string, RunReader>();
  const graphs = new GraphCache();
  const health = new CheckpointHealth();
  const tasks = new Tasks((progress) => tell.taskProgressed(progress));

  const run = (dir: string): RunReader => {
    const known = runs.get(dir);
    if (known) return known;
    const opened = new RunReader(dir, (revision) => tell.seriesChanged({ dir, revision }));
    runs.set(dir, opened);
    return opened;
  };
  const close = (dir: string): void => {
    runs.get(dir)?.dispose();
    runs.delete(dir);
  };
  // A run that nobody opened is read now; one that is followed answers with what it has.
  const upToDate = async (dir: string): Promise<RunReader> => {
    const reader = run(dir);
    if (!reader.followed || reader.revision === 0) await reader.refresh();
    return reader;
  };
  const scalar: FindSeries = async (dir, tag) => {
    const reader = run(dir);
    // A run that nobody opened is read now; one that is followed answers with what it has.
    if (!reader.followed || !reader.events.tag(tag)) await reader.refresh();
    const series = reader.events.tag(tag);
    if (series?.kind !== "scalar") throw new UserError(`This run has no scalar “${tag}”.`);
    return { series, reader };
  };

  return {
    open: async ({ dir, follow, after = 0 }) => {
      const reader = run(dir);
      reader.countFrom(after);
      if (follow) reader.follow();
      try {
        await reader.refresh();
      } catch (error) {
        close(dir);
        throw error;
      }
      return reader.content();
    },
    close: async ({ dir }) => close(dir),
    look: async ({ dir }) => {
      const reader = run(dir);
      return { content: reader.content(), ...(reader.progress && { reading: reader.progress }) };
    },
    halt: async ({ dir, resume }) => {
      if (!resume) return run(dir).halt();
      run(dir).resume();
      await run(dir).refresh();
    },
    ...curveAsks(scalar),
    checkpoints: async (request) => {
      const { dir, nowSeconds, metric, endStep } = request;
      const events = metric && (await upToDate(dir)).events;
      const sources = { nowSeconds, health, ...(events && { events }), ...(metric && { metric }), ...(endStep !== undefined && { endStep }) };
      return listCheckpoints(await readCheckpointFacts(dir, sources), optionsOf(request));
    },
    endSums: async ({ dir, nowSeconds, endStep, ...wish }) => endSums(await readCheckpointFacts(dir, { nowSeconds, health, ...(endStep !== undefined && { endStep }) }), wish),
    planPrune: async ({ dir, nowSeconds, policy, prefix }) => prunePlan(await readCheckpointFacts(dir, { nowSeconds, health }), { policy, prefix }),
    ...lookAsks(tasks, health),
    cancelTask: ({ task }) => tasks.cancel(task),
    ...graphAsks(graphs, (dir) => runs.get(dir)),
    append: ({ dir, batches }) => runs.get(dir)?.append(batches),
    dispose: () => {
      for (const dir of [...runs.keys()]) close(dir);
    },
  };
}

function optionsOf({ policy, forecast, toTheEnd, intervalSeconds, afterRestore }: CheckpointsRequest): Parameters<typeof listCheckpoints>[1] {
  return { forecast, ...(toTheEnd && { toTheEnd }), ...(policy && { policy }), ...(afterRestore && { afterRestore }), ...(intervalSeconds !== undefined && { intervalSeconds }) };
}
