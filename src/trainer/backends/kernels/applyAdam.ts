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

/** TF's formula, written to `next`; computed in double precision, which JavaScript does faster than rounding at each step. */
export function adamStep(
  state: AdamState,
  next: Omit<AdamState, "gradient">,
  { alpha, beta1, beta2, epsilon }: AdamNumbers,
): void {
  const { variable, m, v, gradient } = state;
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
