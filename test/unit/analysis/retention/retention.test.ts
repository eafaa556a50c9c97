import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { lastCheckpoints, recordSave, rememberCheckpoints, startRetention, type RetentionState } from "#analysis/retention/retention";

interface Step {
  readonly do: string;
  readonly saver?: string;
  readonly t?: number;
  readonly keep?: number | null;
  readonly hours?: number;
  readonly returned?: string;
  readonly lasts?: number;
  readonly unlisted?: boolean;
  readonly error?: number;
  readonly disk?: readonly string[];
  readonly pairs?: readonly (readonly [string, number])[];
  readonly paths?: readonly string[];
  readonly files?: readonly string[];
  readonly last?: readonly string[];
  readonly next?: number;
}

const fixture = new URL("../../../fixtures/analysis/retention-traces.json.gz", import.meta.url);
const { traces } = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as {
  traces: readonly { readonly id: string; readonly steps: readonly Step[] }[];
};
const epoch = 1_700_000_000;

describe("what TensorFlow's Saver did", () => {
  test.each(traces.map((trace) => [trace.id, trace.steps] as const))("trace %s ends each save alike", (_, steps) => {
    const savers = new Map<string, RetentionState>();
    const disk = new Map<string, number>();
    let clock = epoch;
    for (const step of steps) {
      if (step.t !== undefined) clock = epoch + step.t;
      const name = step.saver ?? "A";
      const before = savers.get(name);
      const after = replay(step, { before, disk, clock });
      if (step.lasts !== undefined) clock += step.lasts;
      if (!after) continue;
      savers.set(name, after);
      if (step.last) expect(lastCheckpoints(after)).toEqual(step.last);
      if (step.next !== undefined) expect(after.next - epoch).toBe(step.next);
      if (step.disk) expect([...disk.keys()].sort()).toEqual(step.disk);
    }
  });
});

test("hours of 0 keep every evicted checkpoint saved after the build", () => {
  let state = startRetention({ maxToKeep: 1, keepCheckpointEveryNHours: 0 }, 100);
  state = recordSave(state, "a", 101).state;
  const second = recordSave(state, "b", 102);
  expect(second.keepsForever).toEqual(["a"]);
  expect(second.state.next).toBe(100);
});

test("the worked example of one hour and two checkpoints keeps c and e for good", () => {
  let state = startRetention({ maxToKeep: 2, keepCheckpointEveryNHours: 1 }, 0);
  const gone: string[] = [];
  const kept: string[] = [];
  [..."abcdefg"].forEach((prefix, index) => {
    const saved = recordSave(state, prefix, (index + 1) * 1500);
    state = saved.state;
    gone.push(...saved.deletes);
    kept.push(...saved.keepsForever);
  });
  expect({ gone, kept, last: lastCheckpoints(state), next: state.next }).toEqual({
    gone: ["a", "b", "d"],
    kept: ["c", "e"],
    last: ["f", "g"],
    next: 10800,
  });
});

test("a state is never changed in place", () => {
  const before = startRetention({ maxToKeep: 1, keepCheckpointEveryNHours: 1 }, 0);
  recordSave(before, "a", 1);
  expect(before.last).toEqual([]);
});

interface World {
  readonly before: RetentionState | undefined;
  readonly disk: Map<string, number>;
  readonly clock: number;
}

/** The Saver's state after a step, with the disk changed as the step changes it. */
function replay(step: Step, { before, disk, clock }: World): RetentionState | undefined {
  if (step.do === "build") {
    return startRetention({ maxToKeep: step.keep ?? 0, keepCheckpointEveryNHours: step.hours ?? 10000 }, clock);
  }
  if (step.do === "remove") {
    for (const file of step.files ?? []) if (file.endsWith(".index")) disk.delete(file.slice(0, -".index".length));
    return before;
  }
  if (!before) throw new Error("a trace begins with a build");
  if (step.do === "save") return step.returned ? save(step, { before, disk, clock }) : before;
  if (step.do === "set_last_checkpoints_with_time") {
    return rememberCheckpoints(before, (step.pairs ?? []).map(([prefix, seconds]) => [prefix, seconds + epoch]));
  }
  if (step.do === "set_last_checkpoints") {
    return rememberCheckpoints(before, (step.paths ?? []).map((prefix) => [prefix, Infinity]));
  }
  const paths = step.paths ?? step.last ?? [];
  return rememberCheckpoints(before, paths.flatMap((prefix) => {
    const seconds = disk.get(prefix);
    return seconds === undefined ? [] : [[prefix, Math.floor(seconds)] as const];
  }));
}

function save({ returned = "", lasts = 0, unlisted }: Step, { before, disk, clock }: World): RetentionState | undefined {
  disk.set(returned, clock + lasts);
  if (unlisted || !before) return before;
  const { state, deletes } = recordSave(before, returned, clock + lasts);
  for (const prefix of deletes) disk.delete(prefix);
  return state;
}
