// All that the checkpoint browser knows, and how it changes: a reducer over what the host says and what the person does.
import type { CheckpointContent, CheckpointInfo, EndSums, ForecastSave, Preflight, PrunePlan, RestoreChoice } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import type { MetricWish } from "#protocol/readerApi";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import type { VariableStatistics } from "#model/checkpointLook";
import type { MarkKind } from "#kit/marks";
import type { TimeRange } from "./strip";
import type { SortColumn, Sorting } from "./rows";
import { taskAfter, type TaskHappening } from "./looks";
import type { Task } from "./taskWords";
import { treeAfter, wholeTree, type TreeHappening, type TreeView } from "./tree";
import { valuesAfter, type ValuesHappening, type ValuesState } from "./values";

/** The sheet that hangs over the table; the person decides something in it. */
export type Sheet = RestoreSheet | PruneSheet;

/** What a restore would do, and what of it the person chose. */
export interface RestoreSheet {
  readonly kind: "restore";
  readonly prefix: string;
  readonly preflight?: Preflight;
  /** Name of the new run that it goes into; in place where left out. */
  readonly branch?: string;
  /** What of the checkpoint; all, strictly, where nothing is said. */
  readonly choice: RestoreChoice;
  readonly problem?: string;
  readonly busy: boolean;
}

/** What a prune would move, and what of it is ticked. */
export interface PruneSheet {
  readonly kind: "prune";
  /** One checkpoint, chosen by the person; else the rule chooses. */
  readonly only?: string;
  readonly plan?: PrunePlan;
  readonly unticked: readonly string[];
  /** The best one, which the rule would let go: it stands apart, and is not ticked at first. */
  readonly leftOut?: string;
  /** What it comes to at the end, as it was ticked when it was asked. */
  readonly sums?: EndSums;
  /** The policy that is tried out is written with it. */
  readonly write?: boolean;
  readonly problem?: string;
  readonly busy: boolean;
}

/** What was done just now, said in the page until it is dismissed. */
export interface Done {
  readonly text: string;
  /** The trash folder that Undo brings back. */
  readonly undo?: string;
  /** What could not be moved, to be tried again. */
  readonly retry?: PrunePlan;
  readonly failed?: boolean;
}

export type MetricWait = "reading" | "slow" | "givenUp";

/** The content of the selected checkpoint, as far as it was read. */
export interface Details {
  readonly prefix: string;
  readonly content?: CheckpointContent;
  readonly problem?: string;
  readonly verifying: boolean;
  /** By name, as far as they were read. */
  readonly statistics?: ReadonlyMap<string, VariableStatistics>;
}

export interface CheckpointsState {
  readonly phase: "loading" | "open" | "failed";
  readonly problem?: string;
  readonly snapshot?: CheckpointsSnapshot;
  /** The files are shown before the metric, which takes reading all events: it is read, that takes long, or the person does not wait for it. */
  readonly metricWait?: MetricWait;
  /** The run's own policy and what it does, while another one is simulated. */
  readonly written?: { readonly policy: RetentionPolicy; readonly forecast: readonly ForecastSave[] };
  readonly simulated?: RetentionPolicy;
  readonly selected?: string;
  /** The coming save that the pointer or the keys are on. */
  readonly ghost?: number;
  /** The part of the past that the strip shows; all of it where left out. */
  readonly range?: TimeRange;
  /** How many of the saves to come are scrolled out. */
  readonly skipped: number;
  readonly sorting: Sorting;
  /** The metric that the person chose; else the host's choice. */
  readonly metric?: MetricWish;
  /** Only checkpoints with this mark are listed. */
  readonly only?: MarkKind;
  /** Share of the room below the disk row that the details take. */
  readonly detailsShare: number;
  readonly details?: Details;
  /** What of its variables is shown. */
  readonly tree: TreeView;
  /** The variable whose values are looked at, in the place of the tree. */
  readonly values?: ValuesState;
  /** Whether the details show variables; by the room there is until the person says. */
  readonly variablesOpen?: boolean;
  readonly sheet?: Sheet;
  /** The checkpoint that was selected before. */
  readonly before?: string;
  /** The look into values that is under way. */
  readonly task?: Task;
  readonly done?: Done;
  /** An undo or the emptying of the trash is under way. */
  readonly busy: boolean;
}

export type Happening =
  | TreeHappening
  | TaskHappening
  | ValuesHappening
  | { readonly kind: "statisticsCame"; readonly prefix: string; readonly variables: readonly VariableStatistics[] }
  | { readonly kind: "opened"; readonly snapshot: CheckpointsSnapshot; readonly policy?: RetentionPolicy; readonly afterRestore?: string; readonly filesOnly?: true }
  | { readonly kind: "waited"; readonly how: "slow" | "givenUp" }
  | { readonly kind: "openFailed"; readonly why: string }
  | { readonly kind: "simulate"; readonly policy?: RetentionPolicy }
  | { readonly kind: "selected"; readonly prefix: string }
  | { readonly kind: "ghosted"; readonly save?: number }
  | { readonly kind: "zoomed"; readonly range?: TimeRange }
  | { readonly kind: "skipped"; readonly saves: number }
  | { readonly kind: "metricChosen"; readonly metric: MetricWish }
  | { readonly kind: "sorted"; readonly column: SortColumn }
  | { readonly kind: "onlyShown"; readonly mark?: MarkKind }
  | { readonly kind: "detailsSized"; readonly share: number }
  | { readonly kind: "inspecting"; readonly prefix: string; readonly verify: boolean }
  | { readonly kind: "inspected"; readonly prefix: string; readonly content: CheckpointContent }
  | { readonly kind: "inspectFailed"; readonly prefix: string; readonly why: string }
  | { readonly kind: "variablesShown"; readonly open: boolean }
  | { readonly kind: "sheetOpened"; readonly sheet: Sheet }
  | { readonly kind: "sheetClosed" }
  | { readonly kind: "preflightCame"; readonly prefix: string; readonly preflight: Preflight }
  | { readonly kind: "planCame"; readonly plan: PrunePlan }
  | { readonly kind: "sumsCame"; readonly unticked: readonly string[]; readonly sums: EndSums }
  | { readonly kind: "sheetFailed"; readonly why: string }
  | { readonly kind: "sheetBusy" }
  | { readonly kind: "ticked"; readonly prefixes: readonly string[]; readonly ticked: boolean }
  | { readonly kind: "writeTicked"; readonly write: boolean }
  | { readonly kind: "restoreChosen"; readonly choice: RestoreChoice }
  | { readonly kind: "branchNamed"; readonly branch?: string }
  | { readonly kind: "busy"; readonly now: boolean }
  | { readonly kind: "done"; readonly done?: Done };

const usualShare = 0.34;

/** The table and the details both keep some room. */
function shareOf(share: number): number {
  return Math.min(0.8, Math.max(0.12, share));
}

export function initialState(saved: unknown): CheckpointsState {
  const { selected, detailsShare, metric } = (typeof saved === "object" && saved !== null ? saved : {}) as { selected?: unknown; detailsShare?: unknown; metric?: MetricWish };
  return {
    phase: "loading", tree: wholeTree, busy: false, skipped: 0, sorting: { column: "saved", descending: true },
    selected: typeof selected === "string" ? selected : undefined,
    metric: typeof metric?.tag === "string" ? metric : undefined,
    detailsShare: typeof detailsShare === "number" ? shareOf(detailsShare) : usualShare,
  };
}

export function reduce(state: CheckpointsState, happening: Happening): CheckpointsState {
  switch (happening.kind) {
    case "opened": return opened(state, happening);
    case "openFailed": return { ...state, phase: state.snapshot ? "open" : "failed", problem: happening.why };
    case "waited": return state.metricWait === undefined && state.phase !== "loading" ? state : { ...state, metricWait: happening.how };
    case "simulate": return { ...state, simulated: happening.policy };
    case "selected":
      return {
        ...state, selected: happening.prefix, before: state.selected === happening.prefix ? state.before : state.selected, ghost: undefined,
        values: state.selected === happening.prefix ? state.values : undefined,
        tree: state.selected === happening.prefix ? state.tree : { ...wholeTree, open: state.tree.open },
      };
    case "ghosted": return { ...state, ghost: happening.save };
    case "metricChosen": return { ...state, metric: happening.metric };
    case "zoomed": return { ...state, range: happening.range };
    case "skipped": return { ...state, skipped: Math.max(0, happening.saves) };
    case "sorted": {
      const { column, descending } = state.sorting;
      return { ...state, sorting: { column: happening.column, descending: column === happening.column ? !descending : happening.column !== "reason" } };
    }
    case "onlyShown": return { ...state, only: state.only === happening.mark ? undefined : happening.mark };
    case "detailsSized": return { ...state, detailsShare: shareOf(happening.share) };
    case "inspecting": {
      const before = state.details?.prefix === happening.prefix ? state.details : undefined;
      return { ...state, details: { prefix: happening.prefix, content: before?.content, verifying: happening.verify, statistics: before?.statistics } };
    }
    case "inspected":
    case "inspectFailed": return inspected(state, happening);
    case "filtered": case "scopeToggled": case "treeScrolled": case "treeWalked": case "scopeChosen": case "scopeLeft": return { ...state, tree: treeAfter(state.tree, happening) };
    case "variablesShown": return { ...state, variablesOpen: happening.open };
    case "sheetOpened": return { ...state, sheet: happening.sheet, selected: happening.sheet.kind === "restore" ? happening.sheet.prefix : state.selected };
    case "sheetClosed": return { ...state, sheet: undefined };
    case "taskBegun": case "taskProgressed": case "taskEnded": return { ...state, task: taskAfter(state.task, happening) };
    case "valuesOpened": case "valuesClosed": case "sliceChosen": case "sliceCame": case "sliceFailed": case "cellPointed":
      return { ...state, values: valuesAfter(state.values, happening) };
    case "statisticsCame": {
      if (state.details?.prefix !== happening.prefix) return state;
      return { ...state, details: { ...state.details, statistics: new Map(happening.variables.map((one) => [one.name, one])) } };
    }
    case "busy": return { ...state, busy: happening.now };
    case "done": return { ...state, done: happening.done, busy: false };
    case "preflightCame": case "planCame": case "sumsCame": case "sheetFailed": case "sheetBusy": case "ticked": case "branchNamed": case "writeTicked": case "restoreChosen":
      return { ...state, sheet: state.sheet && sheetAfter(state.sheet, happening, state.snapshot) };
  }
}

type SheetHappening = Extract<Happening, { kind: "preflightCame" | "planCame" | "sumsCame" | "sheetFailed" | "sheetBusy" | "ticked" | "branchNamed" | "writeTicked" | "restoreChosen" }>;

function sheetAfter(sheet: Sheet, happening: SheetHappening, snapshot: CheckpointsSnapshot | undefined): Sheet {
  switch (happening.kind) {
    case "preflightCame":
      return sheet.kind === "restore" && sheet.prefix === happening.prefix ? { ...sheet, preflight: happening.preflight } : sheet;
    case "planCame": {
      if (sheet.kind !== "prune") return sheet;
      const best = sheet.only === undefined ? snapshot?.checkpoints.find(({ best: isBest }) => isBest)?.prefix : undefined;
      const leftOut = happening.plan.deletes.find(({ prefix }) => prefix === best)?.prefix;
      return { ...sheet, plan: happening.plan, leftOut, unticked: leftOut === undefined ? [] : [leftOut], problem: undefined };
    }
    case "sumsCame": return sheet.kind === "prune" && sheet.unticked === happening.unticked ? { ...sheet, sums: happening.sums } : sheet;
    case "writeTicked": return sheet.kind === "prune" ? { ...sheet, write: happening.write } : sheet;
    case "restoreChosen": return sheet.kind === "restore" ? { ...sheet, choice: happening.choice, problem: undefined } : sheet;
    case "branchNamed": return sheet.kind === "restore" ? { ...sheet, branch: happening.branch } : sheet;
    case "sheetFailed": return { ...sheet, problem: happening.why, busy: false };
    case "sheetBusy": return { ...sheet, busy: true, problem: undefined };
    case "ticked": {
      if (sheet.kind !== "prune") return sheet;
      const unticked = sheet.unticked.filter((prefix) => !happening.prefixes.includes(prefix));
      return { ...sheet, unticked: happening.ticked ? unticked : [...unticked, ...happening.prefixes] };
    }
  }
}

/** Room is kept for it. */
export function isMetricComing({ metricWait }: CheckpointsState): boolean {
  return metricWait === "reading" || metricWait === "slow";
}

/** The restore in place that the sheet is about: the strip shows what would come after it. */
export function restoreInThought({ sheet }: CheckpointsState): string | undefined {
  return sheet?.kind === "restore" && sheet.branch === undefined ? sheet.prefix : undefined;
}

type Opened = Extract<Happening, { kind: "opened" }>;

function opened(state: CheckpointsState, { snapshot, policy, afterRestore, filesOnly }: Opened): CheckpointsState {
  // An answer to a wish that has changed meanwhile would make the page jump.
  if (!samePolicy(policy, state.simulated) || afterRestore !== restoreInThought(state)) return state;
  const there = (prefix: string | undefined): boolean => snapshot.checkpoints.some((one) => one.prefix === prefix);
  const selected = there(state.selected) ? state.selected : (neighbourOf(state, there) ?? snapshot.checkpoints[0]?.prefix);
  const sheet = state.sheet?.kind === "restore" && !state.sheet.busy && !there(state.sheet.prefix)
    ? { ...state.sheet, problem: "This checkpoint is gone." } : state.sheet;
  const known = state.sheet?.kind === "prune" ? withPlanChecked(state.sheet, snapshot) : sheet;
  return {
    ...state, phase: "open", problem: undefined, snapshot, selected, sheet: known, metricWait: filesOnly ? (state.metricWait ?? "reading") : undefined,
    written: policy || afterRestore !== undefined ? state.written : { policy: snapshot.policy, forecast: snapshot.forecast },
    skipped: Math.min(state.skipped, Math.max(0, snapshot.forecast.length - 1)),
  };
}

/** What takes the place of the selected row that is gone: the next older one, else the next newer. */
function neighbourOf({ snapshot, selected }: CheckpointsState, there: (prefix: string) => boolean): string | undefined {
  const before = snapshot?.checkpoints.map(({ prefix }) => prefix) ?? [];
  const at = before.indexOf(selected ?? "");
  return at < 0 ? undefined : (before.slice(at + 1).find(there) ?? before.slice(0, at).reverse().find(there));
}

// A plan is exact: when what it lists has changed on disk, it must be made again before anything moves. A new save changes
// what the rule chooses, but not what a person chose.
function withPlanChecked(sheet: PruneSheet, snapshot: CheckpointsSnapshot): Sheet {
  if (!sheet.plan || sheet.busy) return sheet;
  const there = new Set(snapshot.checkpoints.map(({ prefix }) => prefix));
  const planned = new Set([...sheet.plan.deletes, ...sheet.plan.keeps].map(({ prefix }) => prefix));
  const fresh = sheet.only === undefined ? snapshot.checkpoints.find(({ prefix }) => !planned.has(prefix)) : undefined;
  const gone = sheet.plan.deletes.some(({ prefix }) => !there.has(prefix));
  if (!fresh && !gone) return sheet;
  return { ...sheet, problem: fresh ? staleSaved(fresh) : "A checkpoint of this plan is gone." };
}

function staleSaved({ step, prefix }: CheckpointInfo): string {
  return `The run saved ${step === undefined ? prefix : `step ${step.toLocaleString("en")}`} meanwhile.`;
}

function inspected(state: CheckpointsState, happening: Extract<Happening, { kind: "inspected" | "inspectFailed" }>): CheckpointsState {
  if (state.details?.prefix !== happening.prefix) return state;
  const { prefix } = happening;
  const details: Details = happening.kind === "inspected"
    ? { prefix, content: happening.content, verifying: false, statistics: state.details.statistics }
    : { prefix, content: state.details.content, problem: happening.why, verifying: false, statistics: state.details.statistics };
  return { ...state, details };
}

function samePolicy(one: RetentionPolicy | undefined, other: RetentionPolicy | undefined): boolean {
  return one?.maxToKeep === other?.maxToKeep && one?.keepCheckpointEveryNHours === other?.keepCheckpointEveryNHours;
}

export function checkpointOf({ snapshot }: CheckpointsState, prefix: string | undefined): CheckpointInfo | undefined {
  return snapshot?.checkpoints.find((one) => one.prefix === prefix);
}

/** The plan as it will be carried out: what was unticked stays. */
export function tickedPlan({ plan, unticked }: Pick<PruneSheet, "plan" | "unticked">): PrunePlan | undefined {
  if (!plan) return undefined;
  const deletes = plan.deletes.filter(({ prefix }) => !unticked.includes(prefix));
  const left = plan.deletes.filter(({ prefix }) => unticked.includes(prefix)).map(({ prefix }) => ({ prefix, reason: "Left out by you" }));
  return { deletes, keeps: [...plan.keeps, ...left], bytes: deletes.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** With what the sheet promises beside the move: the best one is guarded from now on, and the rule is written. */
export function promisedPlan(sheet: PruneSheet, simulated: RetentionPolicy | undefined): PrunePlan | undefined {
  const plan = tickedPlan(sheet);
  const { leftOut, unticked, write } = sheet;
  const protect = leftOut !== undefined && unticked.includes(leftOut) ? { prefix: leftOut, note: "best so far" } : undefined;
  const policy = write ? simulated : undefined;
  return plan && (protect || policy) ? { ...plan, beside: { ...(protect && { protect }), ...(policy && { policy }) } } : plan;
}
