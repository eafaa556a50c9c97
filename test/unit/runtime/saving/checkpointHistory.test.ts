// List, state file and deletions against recorded sequences of saves of TensorFlow's Saver.
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getCheckpointState, latestCheckpoint } from "#runtime/saving/checkpointFiles";
import { CheckpointHistory } from "#runtime/saving/checkpointHistory";
import { checkpointPrefix, metaFileName } from "#runtime/saving/checkpointPaths";
import { FakeClock } from "../../../support/fakeClock";

interface Step {
  do: string;
  t?: number;
  saver?: string;
  max_to_keep?: number | null;
  keep_checkpoint_every_n_hours?: number;
  pad_step_number?: boolean;
  save_relative_paths?: boolean;
  path?: string;
  dir?: string;
  paths?: string[];
  files?: string[];
  global_step?: number;
  latest_filename?: string;
  meta_graph_suffix?: string;
  write_state?: boolean;
  write_meta_graph?: boolean;
  lasts?: number;
  then: Then;
}
interface Then {
  returned?: string;
  error?: unknown;
  latest?: string | null;
  last_checkpoints?: string[];
  next_keep?: number;
  files?: string[];
  state?: Record<string, string>;
}

const epoch = 1_700_000_000;
const fixture = new URL("../../../fixtures/state/saver-traces.json.gz", import.meta.url);
const { traces } = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as { traces: { id: string; steps: Step[] }[] };
/** Setting the list by hand is not offered, and a save to the state file's own name never reaches the list. */
const isOffered = (step: Step) => !step.do.startsWith("set_last") && !step.then.error;
/** Where TensorFlow takes `[ab]` in a file name for a pattern and deletes other checkpoints than it meant to; ours are literal. */
const patterns = "options/p144";
const offered = traces.filter(({ id, steps }) => id !== patterns && steps.every(isOffered));

let before: string;
let dir: string;
beforeEach(async () => {
  before = process.cwd();
  dir = await mkdtemp(join(tmpdir(), "saver-"));
  process.chdir(dir);
});
afterEach(async () => {
  process.chdir(before);
  await rm(dir, { recursive: true });
});

interface Built { history: CheckpointHistory; pad: boolean }

describe("each save leaves what TensorFlow left", () => {
  test.each(offered.map(({ id, steps }) => [id, steps] as const))("%s", async (_, steps) => {
    const clock = new FakeClock(epoch);
    const savers = new Map<string, Built>();
    for (const step of steps) {
      if (step.t !== undefined) clock.moveTo(epoch + step.t);
      await perform(step, savers, clock);
      const { history } = savers.get(step.saver ?? "A") ?? {};
      const { last_checkpoints, next_keep, files, state } = step.then;
      if (last_checkpoints) expect(history?.lastCheckpoints).toEqual(inFolder(last_checkpoints));
      if (next_keep !== undefined) expect((history?.nextKeepSeconds ?? 0) - epoch).toBeCloseTo(next_keep, 6);
      if (files) expect(await allFiles()).toEqual([...files].sort());
      for (const [file, text] of Object.entries(state ?? {})) expect(await readFile(file, "utf8")).toBe(inFolder([text])[0]);
    }
  });
});

async function perform(step: Step, savers: Map<string, Built>, clock: FakeClock): Promise<void> {
  const name = step.saver ?? "A";
  const built = savers.get(name);
  switch (step.do) {
    case "build": return void savers.set(name, build(step, clock));
    case "save": return save(step, built, clock);
    case "recover": return built?.history.recover(inFolder(step.paths ?? []));
    case "recover_from_state": return built?.history.recover((await getCheckpointState(step.dir ?? "train"))?.allModelCheckpointPaths ?? []);
    case "remove": return void (await Promise.all((step.files ?? []).map((file) => rm(file))));
    case "latest": return expect((await latestCheckpoint(step.dir ?? "train")) ?? null).toBe(step.then.latest ?? null);
    default: throw new Error(`the recording has an unknown step: ${step.do}`);
  }
}

function build(step: Step, clock: FakeClock): Built {
  const maxToKeep = step.max_to_keep === undefined ? 5 : (step.max_to_keep ?? 0);
  const policy = { maxToKeep, keepCheckpointEveryNHours: step.keep_checkpoint_every_n_hours ?? 10000 };
  const history = new CheckpointHistory({
    policy,
    clock,
    saveRelativePaths: step.save_relative_paths ?? false,
    onProblem: (text) => { throw new Error(text); },
  });
  return { history, pad: step.pad_step_number ?? false };
}

/** The order of effects of SS-5, with empty files for data. */
async function save(step: Step, built: Built | undefined, clock: FakeClock): Promise<void> {
  if (!built) throw new Error("the recording saves before it builds");
  const [path = ""] = inFolder([step.path ?? ""]);
  const prefix = checkpointPrefix(path, step.global_step, built.pad);
  expect(prefix).toBe(inFolder([step.then.returned ?? ""])[0]);
  await mkdir(dirname(prefix), { recursive: true });
  for (const file of [`${prefix}.data-00000-of-00001`, `${prefix}.index`]) await writeFile(file, "");
  clock.advance(step.lasts ?? 0);
  const now = clock.nowSeconds();
  await utimes(`${prefix}.index`, now, now);
  const metaSuffix = step.meta_graph_suffix ?? "meta";
  if (step.write_state !== false) {
    await built.history.record(prefix, { metaSuffix, ...(step.latest_filename && { latestFilename: step.latest_filename }) });
  }
  if (step.write_meta_graph) await writeFile(metaFileName(prefix, metaSuffix), "");
}

const inFolder = (texts: readonly string[]) => texts.map((text) => text.replaceAll("${DIR}", process.cwd()));

async function allFiles(): Promise<string[]> {
  const entries = await readdir(".", { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return names.sort((a, b) => (a < b ? -1 : 1));
}

test("a state file that cannot be written leaves list and older checkpoints as they were", async () => {
  const clock = new FakeClock(epoch);
  const { history } = build({ do: "build", max_to_keep: 1, then: {} }, clock);
  await writeFile("m-1.index", "");
  await history.record("m-1");
  await mkdir("other");
  await expect(history.record("m-2", { latestFilename: "other" })).rejects.toThrow();
  expect(history.lastCheckpoints).toEqual(["m-1"]);
  expect(await readdir(".")).toEqual(["checkpoint", "m-1.index", "other"]);
  expect(await readFile("checkpoint", "utf8")).toContain("m-1");
});

test("a spared checkpoint leaves the list but not the disk", async () => {
  const { history } = build({ do: "build", max_to_keep: 1, then: {} }, new FakeClock(epoch));
  await writeFile("m-1.index", "");
  await history.record("m-1");
  expect(await history.record("m-2", { spare: join(process.cwd(), "m-1") })).toEqual({ deleted: [], keptForever: [], spared: ["m-1"] });
  expect(history.lastCheckpoints).toEqual(["m-2"]);
  expect(await readdir(".")).toContain("m-1.index");
});

test("a save right behind a recovery counts the recovered ones", async () => {
  const { history } = build({ do: "build", max_to_keep: 2, then: {} }, new FakeClock(epoch));
  for (const file of ["m-1.index", "m-2.index"]) await writeFile(file, "");
  const recovered = history.recover(["m-0", "m-1", "m-2"]);
  await history.record("m-3");
  await recovered;
  expect(history.lastCheckpoints).toEqual(["m-2", "m-3"]);
});

test("forgotten checkpoints are neither listed nor deleted later", async () => {
  const { history } = build({ do: "build", max_to_keep: 2, then: {} }, new FakeClock(epoch));
  for (const prefix of ["m-1", "m-2"]) await history.record(prefix);
  history.forget((prefix) => prefix === "m-1");
  await writeFile("m-1.index", "");
  for (const prefix of ["m-3", "m-4"]) await history.record(prefix);
  expect(await readFile("checkpoint", "utf8")).not.toContain("m-1");
  expect(await readdir(".")).toContain("m-1.index");
});
