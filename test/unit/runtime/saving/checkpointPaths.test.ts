// File names of checkpoints, and what state files say, against TensorFlow's own.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCheckpointState, printCheckpointState } from "#formats/checkpointState/checkpointState";
import { checkpointPrefix, joinTextually, metaFileName, stateOfSaves } from "#runtime/saving/checkpointPaths";

interface Made {
  dir: string;
  newest: string;
  list: string[] | null;
  relative?: boolean;
  times?: number[];
  last?: number;
  text?: string;
  read?: { model_checkpoint_path: string; all_model_checkpoint_paths: string[] };
}
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../fixtures/state/${name}`, import.meta.url), "utf8"));
const { cases } = read("made.json") as { cases: Made[] };
/** Times are CheckpointManager's affair. */
const made = cases.filter(({ text, times, last }) => text !== undefined && !times && last === undefined);
const here = (text: string) => text.replaceAll("${DIR}", "/somewhere/else");

test.each(made.map((each) => [each.dir, each.newest, each] as const))("state file in %j for %j", (_, __, each) => {
  const dir = here(each.dir);
  const state = stateOfSaves({
    dir,
    newest: here(each.newest),
    all: (each.list ?? []).map(here),
    relativePaths: each.relative ?? false,
  });
  const text = printCheckpointState(state);
  expect(text).toBe(here(each.text ?? ""));
  const back = parseCheckpointState(text);
  expect(joinTextually(dir, back?.modelCheckpointPath ?? "")).toBe(here(each.read?.model_checkpoint_path ?? ""));
  expect(back?.allModelCheckpointPaths.map((path) => joinTextually(dir, path))).toEqual(each.read?.all_model_checkpoint_paths.map(here));
});

const { cases: exists } = read("exists.json") as { cases: { meta_names?: Record<string, string> }[] };

test.each(Object.entries(exists.find(({ meta_names }) => meta_names)?.meta_names ?? {}))("the meta graph of %s is %s", (prefix, meta) => {
  expect(metaFileName(prefix)).toBe(meta);
});

test("a step follows the path, padded if asked for, and step 0 is a step", () => {
  expect(checkpointPrefix("run/m")).toBe("run/m");
  expect(checkpointPrefix("run/m", 0)).toBe("run/m-0");
  expect(checkpointPrefix("run/m", 5, true)).toBe("run/m-00000005");
  expect(checkpointPrefix("run/m", 123456789, true)).toBe("run/m-123456789");
});

test("paths of a state file are joined textually", () => {
  expect(joinTextually("dir", "./m-1")).toBe("dir/./m-1");
  expect(joinTextually("dir/", "m-1")).toBe("dir/m-1");
  expect(joinTextually("", "m-1")).toBe("m-1");
  expect(joinTextually("dir", "/abs/m-1")).toBe("/abs/m-1");
});
