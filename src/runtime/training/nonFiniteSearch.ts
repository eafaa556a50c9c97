// The search for the first value that is not finite: steps run again from a good state, every operation checked.
import type { NonFiniteSearch, SearchStart } from "#model/diagnosis";
import type { Step } from "#model/run";
import { setRandomState } from "../graph/randomOps";
import type { FetchRequest, Session } from "../graph/session";
import type { KeptVariables } from "../graph/variableValues";
import { allFinite, FiniteProbe } from "./finiteProbe";
import { keptState, recentStates, type KeptState } from "./recentStates";

/** What is searched: a training between two of its runs. */
export interface SearchedTraining {
  readonly session: Session;
  /** The value of the global step now. */
  readonly readStep: () => Promise<Step | undefined>;
  /** Checkpoints to start from, newest first. */
  readonly checkpoints: readonly string[];
  /** Restores a checkpoint strictly. */
  readonly restore: (prefix: string) => Promise<void>;
}

/** When a search gives up. */
export interface SearchLimits {
  readonly maxRuns: number;
  readonly maxSeconds: number;
}

/** Enough for what breaks in every step, and for what breaks once between two kept states of a small model. */
const defaultSearchLimits: SearchLimits = { maxRuns: 200, maxSeconds: 20 };

/**
 * Runs the training's step with checks, from the newest state whose variables are all finite. Afterwards variables and
 * random counters are what they were, bit for bit; only the input pipeline has moved on by so many batches.
 */
export async function searchNonFinite(training: SearchedTraining, limits: SearchLimits = defaultSearchLimits): Promise<NonFiniteSearch> {
  const { session, readStep } = training;
  const request = session.usualRun;
  if (!request) return { runs: 0 };
  const before = keptState(session, await readStep());
  try {
    const start = await goToGoodState(training, before);
    return start ? await runChecked(training, { start, request, limits }) : { runs: 0 };
  } finally {
    goTo(session, before);
    before.variables.dispose();
  }
}

/** Whether a training's variables are all finite. */
export async function variablesFinite(session: Session): Promise<boolean> {
  const now = session.keepVariables();
  try {
    return await isFinite(now);
  } finally {
    now.dispose();
  }
}

async function runChecked(
  { session, readStep }: SearchedTraining,
  { start, request, limits }: { readonly start: SearchStart; readonly request: FetchRequest; readonly limits: SearchLimits },
): Promise<NonFiniteSearch> {
  const probe = new FiniteProbe();
  const until = performance.now() + limits.maxSeconds * 1000;
  let runs = 0;
  while (runs < limits.maxRuns && !probe.finding && performance.now() < until) {
    probe.step = await readStep();
    await session.run(request.fetches, { feeds: request.feeds, probe });
    runs++;
  }
  return { start, runs, ...(probe.finding && { found: probe.finding }) };
}

async function goToGoodState({ session, readStep, checkpoints, restore }: SearchedTraining, present: KeptState): Promise<SearchStart | undefined> {
  if (await isFinite(present.variables)) return { kind: "present", ...stepIn(present.step) };
  for (const state of recentStates(session)) {
    if (!(await isFinite(state.variables))) continue;
    goTo(session, state);
    return { kind: "memory", ...stepIn(state.step) };
  }
  for (const prefix of checkpoints) {
    await restore(prefix);
    if (await variablesFinite(session)) return { kind: "checkpoint", prefix, ...stepIn(await readStep()) };
  }
  return undefined;
}

function goTo(session: Session, { variables, random }: KeptState): void {
  session.putVariables(variables);
  setRandomState(session, random);
}

function isFinite({ values }: KeptVariables): Promise<boolean> {
  return allFinite(values.values());
}

function stepIn(step: Step | undefined): { readonly step?: Step } {
  return step === undefined ? {} : { step };
}
