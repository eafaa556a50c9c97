// Values for a box's card, over checkpoints made for these tests.
import { expect, test } from "vitest";
import { deferred } from "#base/deferred";
import { BoxValues, type ValueSource } from "#extension/panels/graphValues";
import type { VariableStatistics } from "#model/checkpointLook";

/** A variable whose norm is its checkpoint's number. */
function figures(name: string, norm: number, count: number): VariableStatistics {
  return { name, count, min: 0, max: 1, mean: 0, std: 0, norm, nan: 0, infinite: 0, zeros: 0, histogram: { least: 0, greatest: 1, counts: [] } };
}

/** Checkpoints … model-2, model-1, listed as a run's are: newest first; reading one waits for `hold`. */
function sourceOf({ checkpoints, count = 4, hold = Promise.resolve() }: { checkpoints: number; count?: number; hold?: Promise<void> }) {
  const [read, cancelled] = [[] as string[], [] as string[]];
  const begun = deferred<void>();
  const source = {
    checkpoints: {
      list: () => Promise.resolve({ checkpoints: Array.from({ length: checkpoints }, (_, at) => ({ prefix: `model-${checkpoints - at}`, step: checkpoints - at })) }),
      statistics: async ({ prefix, names, task }: { prefix: string; names: readonly string[]; task: string }) => {
        read.push(`${prefix} as ${task.replace(/\d+$/, "")}`);
        begun.resolve();
        await hold;
        return { variables: cancelled.includes(task) ? [] : names.map((name) => figures(name, Number(prefix.slice(6)), count)) };
      },
    },
    cancelTask: (task: string) => void cancelled.push(task),
  } as unknown as ValueSource;
  return { source, read, cancelled, begun: begun.promise };
}

test("the newest checkpoint's figures come with the norms of those before it, oldest first", async () => {
  const { source } = sourceOf({ checkpoints: 3 });
  const values = await new BoxValues(() => source).read(["w"]);
  expect(values).toMatchObject({ prefix: "model-3", step: 3, variables: [{ name: "w", norm: 3 }] });
  expect(values?.history).toEqual([1, 2, 3].map((step) => ({ step, norms: [step] })));
});

test("of very large variables only the newest checkpoint is read", async () => {
  const { source, read } = sourceOf({ checkpoints: 5, count: 2 ** 24 });
  await new BoxValues(() => source).read(["w"]);
  expect(read).toEqual(["model-5 as graph values "]);
});

test("a run without checkpoints has no values", async () => {
  expect(await new BoxValues(() => sourceOf({ checkpoints: 0 }).source).read(["w"])).toBeUndefined();
});

test("a checkpoint that the training deleted meanwhile has no norm, and the others have", async () => {
  const { source } = sourceOf({ checkpoints: 3 });
  const { statistics } = source.checkpoints;
  const values = await new BoxValues(() => ({
    ...source, checkpoints: { ...source.checkpoints, statistics: (wish) => (wish.prefix === "model-1" ? Promise.reject(new Error("ENOENT")) : statistics(wish)) },
  })).read(["w"]);
  expect(values?.history).toEqual([{ step: 1, norms: [undefined] }, { step: 2, norms: [2] }, { step: 3, norms: [3] }]);
});

test("a new selection ends what is read of the old one, and earlier checkpoints are not begun", async () => {
  const held = deferred<void>();
  const { source, read, cancelled, begun } = sourceOf({ checkpoints: 4, hold: held.promise });
  const values = new BoxValues(() => source);
  const old = values.read(["w"]);
  await begun;
  values.leave();
  held.resolve();
  expect(await old).toBeUndefined();
  expect(read).toEqual(["model-4 as graph values "]);
  expect(cancelled).toHaveLength(1);
});
