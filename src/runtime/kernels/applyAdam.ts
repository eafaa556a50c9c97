// Adam's update of one variable in a single pass over its numbers.

/** What the update reads and writes; all arrays have the same length. */
export interface AdamState {
  readonly variable: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly gradient: Float32Array;
}

/** The numbers of the update, under the names of the kernel's inputs: `power1` is beta1 to the power of the step. */
const adamNumbers = ["power1", "power2", "rate", "beta1", "beta2", "epsilon"] as const;

/** Values of `adamNumbers`. */
export type AdamNumbers = Readonly<Record<(typeof adamNumbers)[number], number>>;

/** Reads the numbers of an update. */
export function readAdamNumbers(read: (name: string) => Float32Array): AdamNumbers {
  return Object.fromEntries(adamNumbers.map((name) => [name, read(name)[0] ?? NaN])) as AdamNumbers;
}

/** TF's formula, written to `next`; computed in double precision, which JavaScript does faster than rounding at each step. */
export function adamStep(state: AdamState, next: Omit<AdamState, "gradient">, numbers: AdamNumbers): void {
  const { variable, m, v, gradient } = state;
  const { power1, power2, rate, beta1, beta2, epsilon } = numbers;
  const alpha = (rate * Math.sqrt(1 - power2)) / (1 - power1);
  const { variable: nextVariable, m: nextM, v: nextV } = next;
  const length = gradient.length;
  const grow1 = 1 - beta1;
  const grow2 = 1 - beta2;
  for (let i = 0; i < length; i++) {
    const g = gradient[i] as number;
    const m0 = m[i] as number;
    const v0 = v[i] as number;
    const m1 = m0 + (g - m0) * grow1;
    const v1 = v0 + (g * g - v0) * grow2;
    nextM[i] = m1;
    nextV[i] = v1;
    nextVariable[i] = (variable[i] as number) - (m1 * alpha) / (Math.sqrt(v1) + epsilon);
  }
}
