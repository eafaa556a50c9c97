// How fast a training goes and how long it still takes, out of the steps as they pass.
import type { RunProgress, Step, Tag } from "#model/run";
import type { ScalarBatch } from "#model/scalars";

/** The pace is that of the last seconds, so that a slow first step or a pause is soon forgotten. */
const paceWindowMs = 10_000;

interface Mark {
  readonly step: Step;
  readonly atMs: number;
}

/** Follows one training. Times are milliseconds of any clock that only goes forward. */
export class ProgressMeter {
  #marks: Mark[] = [];
  #loss: { readonly tag: Tag; value: number } | undefined;
  #startedAt: Step = 0;
  #lastStep: Step | undefined;

  /** `maxSteps` answers with the number of steps this process means to make, where that is known by then. */
  constructor(private readonly maxSteps: () => number | undefined = () => undefined) {}

  /** Training begins at `step`. */
  start(step: Step, atMs: number): void {
    this.#marks = [{ step, atMs }];
    this.#startedAt = step;
  }

  /** A restore put the training at another step: the pace starts anew, the goal stays. */
  jump(step: Step, atMs: number): void {
    this.#marks = [{ step, atMs }];
  }

  /** Training ends at this step, however many steps its script was told to make. */
  planLastStep(step: Step): void {
    this.#lastStep = step;
  }

  stepDone(step: Step, atMs: number): void {
    const newest = this.#marks.at(-1);
    if (newest && step < newest.step) this.#marks = [];
    if (newest && step === newest.step) return;
    this.#marks.push({ step, atMs });
    while (this.#marks.length > 2 && (this.#marks[1]?.atMs ?? atMs) <= atMs - paceWindowMs) this.#marks.shift();
  }

  /** Keeps the value shown beside the run: of the first tag that has "loss" in its name. */
  scalarsRecorded(batches: readonly ScalarBatch[]): void {
    for (const { tag, values } of batches) {
      const value = values.at(-1);
      if (value === undefined || !/loss/i.test(tag)) continue;
      if (!this.#loss) this.#loss = { tag, value };
      else if (this.#loss.tag === tag) this.#loss.value = value;
    }
  }

  /** Where the training stands; undefined before it began. */
  progress(): RunProgress | undefined {
    const newest = this.#marks.at(-1);
    if (!newest) return undefined;
    const stepsPerSecond = this.#pace();
    const of = this.#goal();
    const left = of === undefined || !stepsPerSecond ? undefined : Math.max(0, of - newest.step) / stepsPerSecond;
    return {
      step: newest.step,
      ...(of !== undefined && { of }),
      ...(stepsPerSecond !== undefined && { stepsPerSecond }),
      ...(left !== undefined && { secondsLeft: left }),
      ...(this.#loss && { loss: { ...this.#loss } }),
    };
  }

  #goal(): Step | undefined {
    if (this.#lastStep !== undefined) return this.#lastStep;
    const steps = this.maxSteps();
    // Scripts write "without end" as a very large number.
    return steps === undefined || !(steps >= 0 && steps < 2 ** 31) ? undefined : this.#startedAt + steps;
  }

  #pace(): number | undefined {
    const [oldest, newest] = [this.#marks[0], this.#marks.at(-1)];
    if (!oldest || !newest || newest.atMs <= oldest.atMs || newest.step <= oldest.step) return undefined;
    return ((newest.step - oldest.step) * 1000) / (newest.atMs - oldest.atMs);
  }
}

/** The `--max_steps` of a script's arguments, in the spellings that argument parsers take; undefined when it is not told. */
export function maxStepsOf(args: readonly string[]): number | undefined {
  for (const [at, word] of args.entries()) {
    const [name, inline] = word.split("=", 2);
    if (name === undefined || !/^--?max[-_]?steps$/i.test(name)) continue;
    const value = Number(inline ?? args[at + 1]);
    return Number.isInteger(value) && value >= 0 ? value : undefined;
  }
  return undefined;
}
