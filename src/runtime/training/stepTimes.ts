// Where a training's time goes: now and then a run is looked at, while somebody wants to know.
import * as tf from "@tensorflow/tfjs-core";
import type { StepTimes } from "#model/diagnosis";
import type { Step } from "#model/run";
import { onGpu } from "../graph/engine";
import type { Graph } from "../graph/graph";
import type { ProbedOperation, RunProbe } from "../graph/probe";

const everyMs = 2000;
/** Who wants to know asks again and again; without another ask, sampling ends after this time. */
const wantedForMs = 15_000;
/** The mean is of the latest runs, so that it follows a training that changes. */
const keptSamples = 12;

/** Columns by operation id. */
interface Sample {
  readonly step: Step | undefined;
  readonly milliseconds: Float64Array;
  readonly liveBytes: Float64Array;
}

/** Samples the runs of one session. Times are milliseconds of any clock that only goes forward. */
export class StepTimer {
  #samples: Sample[] = [];
  #wantedUntil = Number.NEGATIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(private readonly graph: Graph) {}

  /** The times so far; from now on and for a while runs are sampled. */
  ask(nowMs: number): StepTimes {
    if (nowMs > this.#wantedUntil) this.#samples = [];
    this.#wantedUntil = nowMs + wantedForMs;
    return this.#summed();
  }

  /** A probe for the run that starts now, where one is due. Its times count once `done` was called. */
  probe(nowMs: number, step: Step | undefined): (RunProbe & { done(): void }) | undefined {
    if (nowMs > this.#wantedUntil || nowMs - this.#last < everyMs) return undefined;
    this.#last = nowMs;
    const count = this.graph.operations.length;
    const sample = { step, milliseconds: new Float64Array(count), liveBytes: new Float64Array(count) };
    return {
      ran: ({ operation: { id }, milliseconds }: ProbedOperation) => {
        sample.milliseconds[id] = milliseconds;
        sample.liveBytes[id] = tf.memory().numBytes;
      },
      done: () => {
        this.#samples = [...this.#samples, sample].slice(-keptSamples);
      },
    };
  }

  #summed(): StepTimes {
    const samples = this.#samples;
    const step = samples.at(-1)?.step;
    const most = (id: number) => Math.max(...samples.map(({ liveBytes }) => liveBytes[id] ?? 0));
    const mean = (id: number) => samples.reduce((sum, { milliseconds }) => sum + (milliseconds[id] ?? 0), 0) / samples.length;
    const ran = this.graph.operations.filter(({ id }) => samples.some(({ liveBytes }) => (liveBytes[id] ?? 0) > 0));
    return {
      samples: samples.length,
      everySeconds: everyMs / 1000,
      ...(step !== undefined && { step }),
      names: ran.map(({ name }) => name),
      milliseconds: Float64Array.from(ran, ({ id }) => mean(id)),
      liveBytes: Float64Array.from(ran, ({ id }) => most(id)),
      handedOver: onGpu(),
    };
  }
}
