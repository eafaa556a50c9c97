// Sequences of saves: list, state file and files on disk after each, as TensorFlow's Saver left them.
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lastCheckpoints, recordSave, rememberCheckpoints, startRetention, type RetentionState } from "#analysis/retention/retention";
import { getCheckpointState, latestCheckpoint } from "#runtime/saving/checkpointFiles";
import { CheckpointHistory } from "#runtime/saving/checkpointHistory";
import { checkpointPrefix, metaFileName } from "#runtime/saving/checkpointPaths";
import { replayManager, replayWholeSaver, wantsSaver } from "./saverCases";
import { FakeClock } from "../support/fakeClock";
import { filesBelow, namesIn, readJson } from "./folders";
import { Mismatch, near, same, Skipped, type Report } from "./report";

export interface Step {
  readonly do: string;
  readonly t?: number;
  readonly saver?: string;
  readonly max_to_keep?: number | null;
  readonly keep_checkpoint_every_n_hours?: number;
  readonly pad_step_number?: boolean;
  readonly save_relative_paths?: boolean;
  readonly path?: string;
  readonly dir?: string;
  readonly paths?: readonly string[];
  readonly pairs?: readonly (readonly [string, number])[];
  readonly files?: readonly string[];
  readonly global_step?: number;
  readonly latest_filename?: string;
  readonly meta_graph_suffix?: string;
  readonly write_state?: boolean;
  readonly write_meta_graph?: boolean;
  readonly sharded?: boolean;
  readonly v1_format?: boolean;
  readonly lasts?: number;
  readonly then: Then;
}
export interface Then {
  readonly returned?: string;
  readonly error?: unknown;
  readonly latest?: string | null;
  readonly checkpoints?: readonly string[];
  readonly last_preserved?: number;
  readonly last_checkpoints?: readonly string[];
  readonly next_keep?: number;
  readonly files?: readonly string[];
  /** Text by file; of a manager the text of the only one. */
  readonly state?: Readonly<Record<string, string>> | string | null;
}

export const epoch = 1_700_000_000;

export async function checkRetention(folder: string, report: Report): Promise<void> {
  const before = process.cwd();
  for (const file of (await namesIn(folder)).filter((name) => name.endsWith(".json") && name !== "expected.json")) {
    const { traces } = await readJson<{ traces: { id: string; steps: Step[] }[] }>(join(folder, file));
    for (const { id, steps } of traces) {
      const managed = steps.some((step) => step.do === "make");
      if (!managed) await report.check(`retention/${id} rule`, () => replayRule(steps));
      const dir = await mkdtemp(join(tmpdir(), "conformance-"));
      process.chdir(dir);
      if (managed) await report.check(`retention/${id} managed`, () => replayManager(steps));
      else if (wantsSaver(steps)) await report.check(`retention/${id} saver`, () => replayWholeSaver(steps));
      else await report.check(`retention/${id} files`, () => replaySaver(steps));
      process.chdir(before);
      await rm(dir, { recursive: true });
    }
  }
}

/** The pure rule alone: which prefixes are remembered, and until when an evicted one goes. */
function replayRule(steps: readonly Step[]): void {
  const savers = new Map<string, RetentionState>();
  const saved = new Map<string, number>();
  let clock = epoch;
  for (const step of steps) {
    if (step.t !== undefined) clock = epoch + step.t;
    const name = step.saver ?? "A";
    const state = ruleAfter(step, { state: savers.get(name), saved, clock });
    clock += step.lasts ?? 0;
    if (!state) continue;
    savers.set(name, state);
    const { last_checkpoints, next_keep } = step.then;
    if (last_checkpoints) same("last checkpoints", lastCheckpoints(state), last_checkpoints);
    if (next_keep !== undefined) near("next to keep", state.next - epoch, next_keep);
  }
}

interface RuleWorld { readonly state: RetentionState | undefined; readonly saved: Map<string, number>; readonly clock: number }

function ruleAfter(step: Step, { state, saved, clock }: RuleWorld): RetentionState | undefined {
  if (step.do === "build") {
    return startRetention({ maxToKeep: step.max_to_keep === undefined ? 5 : (step.max_to_keep ?? 0), keepCheckpointEveryNHours: step.keep_checkpoint_every_n_hours ?? 10000 }, clock);
  }
  if (step.do === "remove") for (const file of step.files ?? []) if (file.endsWith(".index")) saved.delete(file.slice(0, -".index".length));
  if (!state || step.do === "remove" || step.do === "latest" || (step.do === "save" && step.then.error)) return state;
  if (step.do === "save") {
    const prefix = step.then.returned ?? "";
    const seconds = clock + (step.lasts ?? 0);
    saved.set(prefix, seconds);
    if (step.write_state === false) return state;
    const after = recordSave(state, prefix, seconds);
    for (const gone of after.deletes) saved.delete(gone);
    return after.state;
  }
  if (step.do === "set_last_checkpoints_with_time") {
    return rememberCheckpoints(state, (step.pairs ?? []).map(([prefix, seconds]) => [prefix, seconds + epoch]));
  }
  if (step.do === "set_last_checkpoints") return rememberCheckpoints(state, (step.paths ?? []).map((prefix) => [prefix, Infinity]));
  const paths = step.paths ?? step.then.last_checkpoints ?? [];
  return rememberCheckpoints(state, paths.flatMap((prefix) => {
    const seconds = saved.get(prefix);
    return seconds === undefined ? [] : [[prefix, Math.floor(seconds)] as const];
  }));
}

interface Built { readonly history: CheckpointHistory; readonly pad: boolean }

/** The Saver's history with its files, in the current folder. */
async function replaySaver(steps: readonly Step[]): Promise<void> {
  if (steps.some((step) => /[[*?]/.test(step.path ?? ""))) throw new Skipped("paths are taken literally, and not as patterns");
  if (steps.some((step) => step.v1_format)) throw new Skipped("checkpoints of version 1 are read, and not written");
  const clock = new FakeClock(epoch);
  const savers = new Map<string, Built>();
  for (const step of steps) {
    if (step.t !== undefined) clock.moveTo(epoch + step.t);
    await perform(step, savers, clock);
    const { history } = savers.get(step.saver ?? "A") ?? {};
    const { last_checkpoints, next_keep, files, state } = step.then;
    if (last_checkpoints) same("last checkpoints", history?.lastCheckpoints, here(last_checkpoints));
    if (next_keep !== undefined) near("next to keep", (history?.nextKeepSeconds ?? 0) - epoch, next_keep);
    if (files) same("files", await filesBelow("."), [...files].sort());
    for (const [file, text] of Object.entries(typeof state === "object" ? (state ?? {}) : {})) same(`state file ${file}`, await readFile(file, "utf8"), here([text])[0]);
  }
}

export const here = (texts: readonly string[]): string[] => texts.map((text) => text.replaceAll("${DIR}", process.cwd()));

async function perform(step: Step, savers: Map<string, Built>, clock: FakeClock): Promise<void> {
  const name = step.saver ?? "A";
  const built = savers.get(name);
  switch (step.do) {
    case "build": return void savers.set(name, build(step, clock));
    case "save": return save(step, built, clock);
    case "set_last_checkpoints": return built?.history.remember(here(step.paths ?? []).map((path) => [path, Infinity]));
    case "set_last_checkpoints_with_time": return built?.history.remember((step.pairs ?? []).map(([path, seconds]) => [path, epoch + seconds]));
    case "recover": return built?.history.recover(here(step.paths ?? []));
    case "recover_from_state": return built?.history.recover((await getCheckpointState(step.dir ?? "train"))?.allModelCheckpointPaths ?? []);
    case "remove": return void (await Promise.all((step.files ?? []).map((file) => rm(file))));
    case "latest": return same("latest", (await latestCheckpoint(step.dir ?? "train")) ?? null, step.then.latest ?? null);
    default: throw new Skipped(`there is no step ${step.do}`);
  }
}

function build(step: Step, clock: FakeClock): Built {
  const policy = { maxToKeep: step.max_to_keep === undefined ? 5 : (step.max_to_keep ?? 0), keepCheckpointEveryNHours: step.keep_checkpoint_every_n_hours ?? 10000 };
  const onProblem = (text: string): never => {
    throw new Mismatch("keeping the list", "no problem", text);
  };
  return { history: new CheckpointHistory({ policy, clock, saveRelativePaths: step.save_relative_paths ?? false, onProblem }), pad: step.pad_step_number ?? false };
}

/** Empty files stand for the data; the index is as old as the clock says. */
async function save(step: Step, built: Built | undefined, clock: FakeClock): Promise<void> {
  if (!built) throw new Mismatch("a save", "a Saver", undefined);
  const prefix = checkpointPrefix(here([step.path ?? ""])[0] ?? "", step.global_step, built.pad);
  same("returned", prefix, here([step.then.returned ?? ""])[0]);
  await mkdir(dirname(prefix), { recursive: true });
  for (const file of [`${prefix}.data-00000-of-00001`, `${prefix}.index`]) await writeFile(file, "");
  clock.advance(step.lasts ?? 0);
  await utimes(`${prefix}.index`, clock.nowSeconds(), clock.nowSeconds());
  const metaSuffix = step.meta_graph_suffix ?? "meta";
  if (step.write_state !== false) await built.history.record(prefix, { metaSuffix, ...(step.latest_filename && { latestFilename: step.latest_filename }) });
  if (step.write_meta_graph) await writeFile(metaFileName(prefix, metaSuffix), "");
}
