// Adam's update of one variable in a single pass over its numbers.

/** What the update reads and writes; all arrays have the same length. */
export interface AdamState {
  readonly variable: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly gradient: Float32Array;
}

/** The numbers of the update; `alpha` is the rate corrected for the start (TF's `lr * sqrt(1 - beta2^t) / (1 - beta1^t)`). */
export interface AdamNumbers {
  readonly alpha: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** TF's formula, written to `next`. The moments are rounded to float32 before they are used, as stored numbers are. */
export function adamStep(state: AdamState, next: Omit<AdamState, "gradient">, { alpha, beta1, beta2, epsilon }: AdamNumbers): void {
  const { variable, m, v, gradient } = state;
  const [grow1, grow2] = [Math.fround(1 - beta1), Math.fround(1 - beta2)];
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i] as number;
    const m0 = m[i] as number;
    const v0 = v[i] as number;
    const m1 = Math.fround(m0 + (g - m0) * grow1);
    const v1 = Math.fround(v0 + (g * g - v0) * grow2);
    next.m[i] = m1;
    next.v[i] = v1;
    next.variable[i] = (variable[i] as number) - (m1 * alpha) / (Math.sqrt(v1) + epsilon);
  }
}
