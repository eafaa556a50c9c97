// What the window shows of a run: icon, words and the tokens that decide its menu. Pure; tree and status bar only paint it.
import type { RunEnd, RunInfo, RunState } from "#model/run";
import { lastPart } from "#model/scopedName";
import { ago, bytes, count, counted, timeLeft, value } from "../words";

/** A row of the run explorer. */
export interface RunRow {
  readonly label: string;
  /** `step 12,400 · loss 0.421 · 3 min ago`. */
  readonly description: string;
  readonly icon: { readonly id: string; readonly color?: string };
  /** Space-separated tokens, matched word by word in the manifest's `when`. */
  readonly context: string;
  /** The row read aloud. */
  readonly spoken: string;
}

const icons: Readonly<Record<RunState, RunRow["icon"]>> = {
  running: { id: "play-circle", color: "charts.blue" },
  finished: { id: "pass", color: "testing.iconPassed" },
  stopped: { id: "debug-pause", color: "icon.foreground" },
  failed: { id: "error", color: "testing.iconFailed" },
  killed: { id: "circle-slash", color: "testing.iconFailed" },
  lost: { id: "debug-disconnect", color: "editorWarning.foreground" },
  foreign: { id: "history" },
};

const stateWords: Readonly<Record<RunState, string>> = {
  running: "running",
  finished: "finished",
  stopped: "stopped",
  failed: "failed",
  killed: "killed",
  lost: "lost: the process is gone and left no word",
  foreign: "written by another program",
};

/** The row of a run. `now` in seconds since the epoch. */
export function runRow(run: RunInfo, nowSeconds: number): RunRow {
  const description = descriptionOf(run, nowSeconds);
  return {
    label: run.name,
    description,
    icon: icons[run.state],
    context: contextOf(run),
    spoken: `Run ${run.name}, ${stateWords[run.state]}, ${description.replaceAll(" · ", ", ")}`,
  };
}

/** The facts of a run as lines of Markdown-free text: label and value. */
export function runFacts(run: RunInfo): readonly (readonly [string, string])[] {
  const facts: [string, string | undefined][] = [
    ["State", stateWords[run.state]],
    ["Why", run.end?.error],
    ["Step", run.progress?.of === undefined ? maybeCount(stepOf(run)) : `${maybeCount(stepOf(run)) ?? "0"} of ${count(run.progress.of)}`],
    ["Speed", run.progress?.stepsPerSecond === undefined ? undefined : `${value(run.progress.stepsPerSecond)} steps/s`],
    ["Backend", run.backend],
    ["Branched from", run.parent],
    ["Checkpoints", run.checkpoints > 0 ? count(run.checkpoints) : undefined],
    ["Curves", run.tags > 0 ? counted(run.tags, "tag") : undefined],
    ["On disk", bytes(run.bytes)],
    ["Folder", run.dir],
  ];
  return facts.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

/** Running runs first, then by the time of their last event, newest first. */
export function compareRuns(a: RunInfo, b: RunInfo): number {
  const running = Number(b.state === "running") - Number(a.state === "running");
  return running || (b.lastWallTimeSeconds ?? 0) - (a.lastWallTimeSeconds ?? 0) || a.name.localeCompare(b.name);
}

/** The step a run stands at, live where it is known. */
export function stepOf(run: RunInfo): number | undefined {
  return run.progress?.step ?? run.lastStep;
}

/** `pix2pix-7 12,400/50,000 · 0.421 · 38 min`. */
export function statusText({ name, progress }: Pick<RunInfo, "name" | "progress">): string {
  const short = lastPart(name);
  if (!progress) return `${short} starting`;
  const step = progress.of === undefined ? count(progress.step) : `${count(progress.step)}/${count(progress.of)}`;
  const loss = progress.loss ? value(progress.loss.value) : undefined;
  const left = progress.secondsLeft === undefined ? undefined : timeLeft(progress.secondsLeft);
  return [`${short} ${step}`, loss, left].filter((part) => part !== undefined).join(" · ");
}

/** The end of a run in one sentence. */
export function endText(name: string, { how, step, error }: RunEnd): string {
  const at = step === undefined ? "" : ` at step ${count(step)}`;
  if (how === "finished") return `${name} has finished${at}.`;
  if (how === "stopped") return `${name} was stopped${at}.`;
  const words = how === "failed" ? "failed" : how === "killed" ? "was killed" : "was lost";
  return `${name} ${words}${at}${error ? `: ${error}` : "."}`;
}

function descriptionOf(run: RunInfo, nowSeconds: number): string {
  const step = stepOf(run);
  const loss = run.progress?.loss ?? run.loss;
  const parts = [
    run.state === "failed" || run.state === "killed" || run.state === "lost" ? run.state : undefined,
    step === undefined ? undefined : `step ${count(step)}`,
    loss ? `loss ${value(loss.value)}` : undefined,
    run.lastWallTimeSeconds === undefined ? undefined : ago(run.lastWallTimeSeconds, nowSeconds),
  ];
  const known = parts.filter((part) => part !== undefined);
  return known.length > 0 ? known.join(" · ") : run.state === "running" ? "starting" : "nothing recorded";
}

function contextOf(run: RunInfo): string {
  const tokens = [
    "run",
    run.state === "running" ? "running" : "ended",
    run.state === "foreign" ? undefined : "own",
    run.checkpoints > 0 ? "hasCheckpoints" : undefined,
  ];
  return tokens.filter((token) => token !== undefined).join(" ");
}

function maybeCount(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : count(amount);
}
