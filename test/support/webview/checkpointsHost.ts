// A host for the checkpoint browser: prunes and restores in memory.
import type { CheckpointInfo, CheckpointList, EndSum, ForecastSave, Preflight, TrashEntry } from "#model/checkpoint";
import { openChannel } from "#protocol/channel";
import type { CheckpointsAsks, CheckpointsTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { comingSave, quietOutlook } from "../quietOutlook";
import { fakeCheckpoints, fakeRun } from "./fakeCurves";
import { pageBorder, wantedCase } from "./fakeHost";
import { fakeDifference, fakeMap, fakePairs, fakeSlice, fakeStatistics, fakeVariables } from "./fakeLooks";
import { fakeHistory, fakeMetric, fakeNow } from "./fakeMetric";

const which = wantedCase();
const startedMs = Date.now();
const now = (): number => fakeNow() + (Date.now() - startedMs) / 1000;
const run = fakeRun(which === "foreign" ? { state: "foreign", progress: undefined } : which === "ended" ? { state: "finished", progress: undefined, lastStep: 16_000 } : {});
let checkpoints: readonly CheckpointInfo[] = which === "empty" ? [] : fakeCheckpoints(now());
let trash: readonly (TrashEntry & { readonly held: readonly CheckpointInfo[] })[] = which === "usual" ? [{ trash: ".trash/old", movedSeconds: fakeNow() - 2460, checkpoints: [8200, 7250, 7000, 6750].map((step) => ({ prefix: `model-${step}`, bytes: 48.4e6 })), bytes: 193.6e6, held: [] }] : [];

if (which === "badNewest") checkpoints = checkpoints.map((one, index) => (index > 0 ? one : { ...one, damage: "checksum of decoder_2/conv2d_transpose/kernel differs", reason: "Damaged: checksum of decoder_2/conv2d_transpose/kernel differs", next: "Cannot be restored as a whole" }));
if (which === "long") {
  checkpoints = checkpoints.map((one, index) => ({ ...one, reason: `${one.reason}, and a note that was written by somebody who likes long notes`, prefix: index === 3 ? "checkpoints/a/very/long/prefix/that/nobody/expects/model-with-a-name-10500" : one.prefix, step: index === 3 ? undefined : one.step }));
}

const variables = fakeVariables(which === "many" ? 10_000 : 0);

const forecast = (keep: number, restored?: string): readonly ForecastSave[] => {
  if (run.state === "foreign" || which === "short") return [];
  const managed = checkpoints.filter(({ kept }) => kept === "newest").map(({ prefix }) => prefix).reverse();
  // The present step is saved first, and held for the undo.
  const queue = restored === undefined ? [...managed] : [...managed.slice(1), "model-12400"];
  const from = restored === undefined ? 12_000 : Number(restored.replace(/\D+/, ""));
  return Array.from({ length: 8 }, (_, index) => {
    const step = from + 500 * (index + 1);
    queue.push(`model-${step}`);
    const gone = queue.length > keep ? queue.shift() : undefined;
    const forGood = gone === "model-11500";
    return comingSave(index + 1, { atSeconds: 60 + 300 * index, step, prefix: `model-${step}`, deletes: gone && !forGood ? [gone] : [], keepsForever: gone && forGood ? [gone] : [] });
  });
};
/** What only one of the pictures tells. */
const facts: Readonly<Record<string, Partial<CheckpointList>>> = {
  full: { notices: [{ kind: "diskFull", text: "Disk full ≈ 14:27, at the save of step 13,500. That save is refused before it starts.", prefixes: [], act: "prune" }] },
  writer: { writer: { state: "elsewhere", who: "python, pid 4711, on gpu-3" }, whyNoChange: "Only the writer can do this; it did not answer.", notices: [] },
  rule: { rule: { kind: "CheckpointManager", text: "Kept by CheckpointManager: the newest 3, and one every 2 h; all others go at each save.", fixed: "Its rule is set in that program." }, notices: [] },
  jump: { timesUnknown: true, notices: [{ kind: "clockJump", text: "The clock jumped back before step 10,000 was saved, to 13:52: times to come are not known.", prefixes: [] }] },
  readOnly: { whyNoChange: "This folder is read-only: viewing works, changing does not.", notices: [] },
  badNewest: { notices: [{ kind: "damagedNewest", text: "Step 12,000, the newest, is damaged.", prefixes: ["model-12000", "model-11500"], act: "restore" }] },
  damaged: { notices: [{ kind: "staleState", text: "The state file names step 9,500, which is not on disk.", prefixes: [], act: "repair" }] },
  orphans: { notices: [{ kind: "unmanaged", text: "2 checkpoints are not managed: no save will delete them.", prefixes: ["model-8500", "model-7750"], act: "manage" }] },
};
const bestGoes: CheckpointList["notices"] = [{ kind: "bestGoes", text: "Step 10,500, the best so far, goes at ≈ 14:32.", prefixes: ["model-10500"], act: "protect" }];
const sum = (all: readonly { readonly bytes: number }[]): number => all.reduce((total, { bytes }) => total + bytes, 0);
const fits: Preflight = {
  prefix: "", equal: 97, otherShape: [], otherDtype: [], missing: [], extra: ["images/pixel_mean", "summaries/last_step"], renames: [],
  notInFile: ["Random state", "data position (epoch 33, image 240 of 380)"], fits: true, program: 97, sets: 97, averages: 32,
  scopes: [{ scope: "discriminator", variables: 32, averages: 0 }, { scope: "generator", variables: 32, averages: 32 }, { scope: "optimizer", variables: 32, averages: 0 }, { scope: "", variables: 1, averages: 0 }],
};
const misfit: Preflight = {
  ...fits, equal: 94, fits: false, otherShape: [{ name: "schedule/boundaries", file: [2], program: [3] }], missing: ["input/pixel_mean"], renames: [{ missing: "input/pixel_mean", extra: "images/pixel_mean" }],
};

async function fail(why: string): Promise<never> {
  throw new Error(why);
}

/** The run's own Saver deletes a checkpoint, as a test wishes. */
function deleteAsTheRule(prefix: string): void {
  checkpoints = checkpoints.filter((one) => one.prefix !== prefix);
  view.tell.runChanged({});
}
Object.assign(globalThis, { deleteAsTheRule });

/** A look that does not end, half done. */
async function hang(task: string | undefined): Promise<never> {
  view.tell.taskProgressed({ task: task ?? "", doneBytes: 21e6, totalBytes: 48.4e6 });
  return new Promise(() => undefined);
}

let callOff: (answer: { readonly text: string }) => void = () => undefined;

/** A restore that stands half-way until it is called off. */
function slowly(task: string | undefined): Promise<{ readonly text: string }> {
  view.tell.taskProgressed({ task: task ?? "", doneBytes: 21e6, totalBytes: 48.4e6 });
  return new Promise((resolve) => (callOff = resolve));
}

const asks: CheckpointsAsks = {
  showInGraph: async ({ variable }) => console.log("showInGraph", variable),
  command: async (wish) => console.log("command", JSON.stringify(wish)),
  open: async ({ policy, afterRestore, filesOnly }) => (which === "reading" || (which === "metricComing" && !filesOnly) ? new Promise(() => undefined) : {
    ...quietOutlook, run, nowSeconds: now(), mayChange: which !== "untrusted", policy: { maxToKeep: 7, keepCheckpointEveryNHours: 0.5, ...policy, source: policy ? "asked" : "run.json" },
    latest: checkpoints[0]?.prefix, checkpoints, problems: which === "damaged" ? ["The state file names step 9,500, which is not on disk."] : [],
    ...(which === "bare" || which === "empty" ? {} : filesOnly ? { timeline: fakeHistory(now()) } : { timeline: fakeHistory(now()), metric: fakeMetric(now()), notices: bestGoes }),
    disk: { usedBytes: sum(checkpoints), trashBytes: sum(trash), freeBytes: 118e9, endBytes: 757.4e6, toTheEnd: true }, ...facts[which],
    forecast: forecast(policy?.maxToKeep ?? 7, afterRestore), trash: trash.map(({ held: _, ...entry }) => entry),
  }),
  inspect: async ({ verify, prefix }) => {
    if (prefix === "model-8740") throw new Error("model-8740.index is not there.");
    if (verify) await new Promise((resolve) => setTimeout(resolve, 150));
    return { kind: "checkpoint", format: "V2", shards: 1, bytes: 48.4e6, endianness: "little", variables, verified: verify || undefined, problems: [] };
  },
  preflight: async ({ prefix, choice }) => {
    const fit = which === "misfit" ? { ...misfit, sets: choice?.renames ? 96 : choice?.partial ? 95 : 97 } : fits;
    const chosen = choice?.scopes && fit.scopes.filter(({ scope }) => choice.scopes?.includes(scope));
    return { ...fit, prefix, ...(chosen && { sets: chosen.reduce((total, { variables: count }) => total + count, 0) }) };
  },
  restore: async ({ prefix, task }) => which === "failing" ? fail("The disk is full: nothing was changed.") : which === "slow" ? slowly(task) : ({ text: `pix2pix-7 goes on from ${prefix}: 97 variables set. Step 12,400 is saved.` }),
  planPrune: async ({ policy, prefix }) => {
    const keep = policy?.maxToKeep ?? 7;
    const goes = (one: CheckpointInfo, index: number): boolean => (prefix ? one.prefix === prefix : !one.complete || one.kept === "unmanaged" || (one.kept === "newest" && index >= keep));
    const deletes = checkpoints.filter(goes).map((one) => ({
      prefix: one.prefix, step: one.step, files: [`${one.prefix}.index`, `${one.prefix}.data-00000-of-00001`], bytes: one.bytes,
      reason: prefix ? "You asked for it" : one.kept === "newest" ? `Not one of the newest ${keep}, and before the hour mark of 14:06` : one.complete ? "Not managed: saved before the restart at 13:36" : "Incomplete: cannot be restored",
    }));
    return { deletes, keeps: checkpoints.filter((one, index) => !goes(one, index)).map((one) => ({ prefix: one.prefix, reason: one.reason })), bytes: deletes.reduce((sum, { bytes }) => sum + bytes, 0) };
  },
  undoRestore: async () => ({ text: "pix2pix-7 is back at step 12,400, byte for byte." }),
  statistics: async ({ task }) => {
    if (which === "reading") return hang(task);
    return { variables: fakeStatistics(variables, { broken: which === "nan" }), problems: [] };
  },
  slice: async (wish) => fakeSlice(variables.find(({ name }) => name === wish.name), wish),
  difference: async ({ task }) => (which === "reading" ? hang(task) : fakeDifference(variables)),
  pairFigures: async ({ names, task }) => (which === "reading" ? hang(task) : fakePairs(variables, names)),
  openCompare: async (pair) => console.log("openCompare", JSON.stringify(pair)),
  changeMap: async ({ prefixes }) => fakeMap(variables, prefixes),
  cancelTask: async () => callOff({ text: "The restore of step 8,000 was cancelled: pix2pix-7 is as it was." }),
  change: async (act) => console.log("change", act),
  endSums: async ({ policy, gone }) => {
    const sum = (keep: number, left: readonly CheckpointInfo[]): EndSum => {
      const others = left.filter(({ complete, kept }) => !complete || kept === "unmanaged").length;
      const forGood = left.filter(({ kept, complete }) => complete && kept !== "newest" && kept !== "unmanaged").length + 1;
      return { newest: keep, forGood, unmanaged: others, marks: ["model-11500"], bytes: (keep + forGood + others) * 48.4e6 };
    };
    return { now: sum(7, checkpoints), then: sum(policy?.maxToKeep ?? 7, checkpoints.filter(({ prefix }) => !gone.includes(prefix))) };
  },
  prune: async (plan) => {
    const gone = new Set(plan.deletes.map(({ prefix }) => prefix));
    const name = `.trash/${trash.length}`;
    trash = [{ trash: name, movedSeconds: now(), checkpoints: plan.deletes.map(({ prefix, bytes }) => ({ prefix, bytes })), bytes: plan.bytes, held: checkpoints.filter(({ prefix }) => gone.has(prefix)) }, ...trash];
    checkpoints = checkpoints.filter(({ prefix }) => !gone.has(prefix));
    view.tell.runChanged({});
    return { trash: name };
  },
  undoPrune: async ({ trash: name }) => {
    const entry = trash.find((one) => one.trash === name);
    trash = trash.filter((one) => one !== entry);
    checkpoints = [...checkpoints, ...(entry?.held ?? [])].sort((a, b) => b.wallTimeSeconds - a.wallTimeSeconds);
    return { prefixes: entry?.checkpoints.map(({ prefix }) => prefix) ?? [], tookBack: [] };
  },
  chooseMetric: async () => undefined,
  focused: async () => undefined,
  exportVariables: async (wish) => console.log("exportVariables", JSON.stringify(wish)),
  openFile: async ({ prefix }) => console.log("openFile", prefix),
  showSource: async () => console.log("showSource"),
  manageTrust: async () => console.log("manageTrust"),
  emptyTrash: async () => {
    trash = [];
    return { emptied: true };
  },
};
const view = openChannel<HostSide<CheckpointsAsks>, ViewSide<CheckpointsTells>>(pageBorder(), { asks, tells: {} });
