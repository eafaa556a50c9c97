// How far numbers may be from the original's: fivefold what two right runs on other kernels differ by, per kind and rate.
import { Mismatch } from "../report";
import type { Digest, Losses } from "./reference";

/** At higher rates the two networks amplify rounding faster. */
type Pace = "usual" | "high" | "extreme";

export function paceOf(lr: number): Pace {
  if (lr <= 0.001) return "usual";
  return lr <= 0.01 ? "high" : "extreme";
}

export const forwardLosses = 2e-5;
export const activations = 1e-4;

/** Gradients of the first step. */
export function gradients(lr: number): number {
  return paceOf(lr) === "usual" ? 1e-3 : 3e-3;
}

/** Losses of a step, the first is 1; nothing where runs differ by whole percents. */
export function losses(lr: number, step: number): number | undefined {
  if (step === 1) return forwardLosses;
  const pace = paceOf(lr);
  if (pace === "usual") return step <= 5 ? 5e-4 : undefined;
  if (step === 2) return pace === "high" ? 1e-4 : 5e-4;
  return step === 3 && pace === "high" ? 2e-2 : undefined;
}

/** Averages after a step: a hundredth of each loss goes into them. */
export function averages(lr: number, step: number): number | undefined {
  const loss = losses(lr, step);
  if (step === 1) return 1e-6;
  return loss === undefined ? undefined : Math.max(1e-5, loss / 10);
}

/** A variable after some steps; 0 for what must be equal, nothing for what is noise. */
export function variable(name: string, { lr, step }: { readonly lr: number; readonly step: number }): number | undefined {
  if (/\/beta[12]_power$/.test(name)) return 1e-6;
  if (name === "global_step" || /\/moving_(mean|variance)$/.test(name)) return 0;
  const average = averages(lr, step);
  if (name.endsWith("/ExponentialMovingAverage")) return average;
  const [weights, m, v] = variableTolerances(lr, step);
  if (name.endsWith("/Adam")) return m;
  return name.endsWith("/Adam_1") ? v : weights;
}

function variableTolerances(lr: number, step: number): readonly (number | undefined)[] {
  const usual = paceOf(lr) === "usual";
  if (step === 1) return usual ? [2e-5, 1e-3, 1e-4] : [3e-3, 3e-3, 6e-3];
  return usual && step <= 5 ? [2e-2, undefined, 0.1] : [];
}

/** How far a tensor is from its digest, relative to its length: by length, by sum, and at its first elements. */
export function distance(values: ArrayLike<number>, { sum, l2, first }: Digest): number {
  let [squares, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    squares += value * value;
    total += value;
  }
  const firsts = Math.hypot(...first.map((value, i) => value - (values[i] ?? NaN)));
  const far = Math.max(Math.abs(Math.sqrt(squares) - l2), Math.abs(total - sum) / Math.sqrt(Math.max(1, values.length)), firsts);
  return l2 === 0 ? far : far / l2;
}

/** Throws where a tensor is farther from its digest than it may be. */
export function near(what: string, got: ArrayLike<number> | undefined, wanted: Digest, tolerance: number): void {
  if (!got) throw new Mismatch(what, "a tensor", "none");
  const values = typeof got === "number" ? [got] : got;
  const far = distance(values, wanted);
  if (far <= tolerance) return;
  const { sum, l2, first } = wanted;
  throw new Mismatch(`${what} (relative distance ${far.toExponential(1)}, at most ${tolerance})`, { sum, l2, first: first.slice(0, 3) }, digestOf(values));
}

/** Throws where a whole tensor is farther from another, relative to its length. */
export function nearAll(what: string, got: ArrayLike<number> | undefined, wanted: Float32Array, tolerance: number): void {
  if (got?.length !== wanted.length) throw new Mismatch(`${what} length`, wanted.length, got?.length);
  let [apart, length] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    apart += ((got[i] ?? NaN) - (wanted[i] ?? NaN)) ** 2;
    length += (wanted[i] ?? NaN) ** 2;
  }
  const far = Math.sqrt(apart / length);
  if (!(far <= tolerance)) throw new Mismatch(`${what} (relative distance ${far.toExponential(1)}, at most ${tolerance})`, digestOf(wanted), digestOf(got));
}

/** Throws where a number is relatively farther from another than it may be. */
export function nearNumber(what: string, got: number | undefined, wanted: number, tolerance: number): void {
  if (Math.abs((got ?? NaN) - wanted) <= tolerance * Math.abs(wanted)) return;
  throw new Mismatch(`${what} (relative tolerance ${tolerance})`, wanted, got);
}

/** The three losses in the order of the model. */
export function listOf({ discrim_loss, gen_loss_GAN, gen_loss_L1 }: Losses): readonly number[] {
  return [discrim_loss, gen_loss_GAN, gen_loss_L1];
}

function digestOf(values: ArrayLike<number>): Digest {
  const numbers = Array.from(values);
  return { sum: numbers.reduce((all, value) => all + value, 0), l2: Math.sqrt(numbers.reduce((all, value) => all + value * value, 0)), first: numbers.slice(0, 3) };
}
