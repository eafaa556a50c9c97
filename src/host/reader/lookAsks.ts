// The asks that look into the bytes of checkpoints: long ones, which tell how far they have come and can be cancelled by name.
import type { ReaderAsks } from "#protocol/readerApi";
import type { CheckpointHealth } from "./checkpointHealth";
import { changeMapOf, differenceOf, statisticsOf } from "./checkpointLooks";
import { exportTensors } from "./exportTensors";
import { inspectCheckpoint } from "./inspectCheckpoint";
import { pairFiguresOf } from "./pairFigures";
import type { Tasks } from "./tasks";
import { sliceOf } from "./tensorSlice";

type LookAsks = Pick<ReaderAsks, "inspectCheckpoint" | "statistics" | "difference" | "pairFigures" | "changeMap" | "slice" | "exportTensors">;

/** What a verification finds is remembered in `health`. */
export function lookAsks(tasks: Tasks, health: CheckpointHealth): LookAsks {
  return {
    inspectCheckpoint: async ({ prefix, verify, task }) => {
      const content = await tasks.run(task, (look) => inspectCheckpoint({ prefix, verify }, look));
      if (content.verified !== undefined) await health.note(prefix, content);
      return content;
    },
    statistics: ({ task, ...wish }) => tasks.run(task, (look) => statisticsOf(wish, look)),
    difference: ({ task, ...wish }) => tasks.run(task, (look) => differenceOf(wish, look)),
    pairFigures: ({ task, ...wish }) => tasks.run(task, (look) => pairFiguresOf(wish, look)),
    changeMap: ({ task, ...wish }) => tasks.run(task, (look) => changeMapOf(wish, look)),
    slice: ({ task, ...wish }) => tasks.run(task, (look) => sliceOf(wish, look)),
    exportTensors: ({ task, ...wish }) => tasks.run(task, (look) => exportTensors(wish, look)),
  };
}
