// The shapes of what a page may ask its host: pages show text out of files, so what they say is checked.
import * as z from "zod/mini";
import type { Checks } from "./channel";
import { below, checked, doorChecks } from "./doorChecks";
import { restoreChoice } from "./restoreChoice";
import type { CheckpointFileAsks, CheckpointsAsks, HostSide } from "./viewsApi";

const maxTextLength = 4096;

/** A name or path of bearable length. */
export const text = z.string().check(z.maxLength(maxTextLength));
const maxNames = 200_000;
const task = z.optional(text);
const weights = z.optional(z.enum(["raw", "ema"]));
const depth = z.optional(z.int().check(z.gte(1)));
/** An ask without an argument. */
export const nothing = z.strictObject({});
const whole = z.int().check(z.gte(0));
const maxAxes = 256;
const window = z.optional(z.strictObject({ axis: whole, from: whole, count: whole }));
const slice = { name: text, rows: window, columns: window, at: z.optional(z.array(whole).check(z.maxLength(maxAxes))), task };
const prefix = z.strictObject({ prefix: below });
const policy = z.strictObject({ maxToKeep: z.int().check(z.gte(0)), keepCheckpointEveryNHours: z.number().check(z.gt(0)) });

const metric = z.strictObject({ tag: z.optional(text), lower: z.optional(z.boolean()) });

/** Of every view. */
export const command = checked(
  "command",
  z.strictObject({
    prefix: z.optional(below),
    id: z.enum(["restoreCheckpoint", "protectCheckpoint", "unprotectCheckpoint", "manageCheckpoints", "keepBest", "repairState", "copyRestoreCode", "saveNow", "showLog", "openCurves", "openGraph", "openCheckpoints", "stopRun", "newRun"]) }),
);


/** Checks for every ask of the checkpoints page. */
export const checkpointsChecks = {
  command,
  open: checked("open", z.strictObject({ policy: z.optional(policy), metric: z.optional(metric), afterRestore: z.optional(below), filesOnly: z.optional(z.literal(true)) })),
  inspect: checked("inspect", z.strictObject({ prefix: below, verify: z.boolean(), task })),
  statistics: checked("statistics", z.strictObject({ prefix: below, names: z.optional(z.array(text).check(z.maxLength(maxNames))), task })),
  difference: checked("difference", z.strictObject({ from: below, to: below, depth, weights, task })),
  pairFigures: checked("pairFigures", z.strictObject({ from: below, to: below, names: z.array(text).check(z.maxLength(maxNames)), weights, task })),
  changeMap: checked("changeMap", z.strictObject({ prefixes: z.array(below).check(z.maxLength(maxNames)), depth, weights, task })),
  openCompare: checked("openCompare", z.strictObject({ prefix: z.optional(below), other: z.optional(below) })),
  slice: checked("slice", z.strictObject({ prefix: below, ...slice })),
  cancelTask: checked("cancelTask", z.strictObject({ task: text })),
  preflight: checked("preflight", z.strictObject({ prefix: below, choice: z.optional(restoreChoice) })),
  undoRestore: checked("undoRestore", z.strictObject({ task })),
  restore: checked("restore", z.strictObject({ prefix: below, branch: z.optional(text), choice: z.optional(restoreChoice), task })),
  planPrune: checked("planPrune", z.strictObject({ policy: z.optional(policy), prefix: z.optional(below) })),
  endSums: checked("endSums", z.strictObject({ policy: z.optional(policy), gone: z.array(below).check(z.maxLength(maxNames)) })),
  prune: doorChecks.prune,
  undoPrune: doorChecks.undoPrune,
  change: doorChecks.change,
  emptyTrash: checked("emptyTrash", nothing),
  chooseMetric: checked("chooseMetric", z.strictObject({ tag: z.optional(text) })),
  focused: checked("focused", z.strictObject({ prefix: z.optional(below), other: z.optional(below) })),
  exportVariables: checked("exportVariables", z.strictObject({ prefix: below, name: z.optional(text) })),
  showInGraph: checked("showInGraph", z.strictObject({ variable: text })),
  openFile: checked("openFile", prefix),
  showSource: checked("showSource", nothing),
  manageTrust: checked("manageTrust", nothing),
} satisfies Checks<HostSide<CheckpointsAsks>>;

/** Checks for every ask of the page of one checkpoint file. */
export const checkpointFileChecks = {
  open: checked("open", nothing),
  inspect: checked("inspect", z.strictObject({ verify: z.boolean(), task })),
  statistics: checked("statistics", z.strictObject({ task: text })),
  slice: checked("slice", z.strictObject(slice)),
  cancelTask: checked("cancelTask", z.strictObject({ task: text })),
  exportVariables: checked("exportVariables", z.strictObject({ name: z.optional(text) })),
  showInRun: checked("showInRun", nothing),
} satisfies Checks<HostSide<CheckpointFileAsks>>;
