// What a training tells of itself, spread over the boxes of a diagram: shares of time, and where a value broke.
import type { NonFiniteFinding, StepTimes } from "#model/diagnosis";
import { pathTo } from "#model/scopedName";

/** Time of an operation, or of all operations below a scope. */
export interface BoxTime {
  readonly milliseconds: number;
  /** Of the whole run, 0 to 1. */
  readonly share: number;
  /** The most bytes of tensors that were alive while it ran. */
  readonly liveBytes: number;
}

/** Times by name, for operations and all scopes around them; the whole run under the empty name. */
export function timesByBox({ names, milliseconds, liveBytes }: StepTimes): ReadonlyMap<string, BoxTime> {
  const sums = new Map<string, { milliseconds: number; liveBytes: number }>();
  names.forEach((name, index) => {
    for (const box of ["", ...pathTo(name)]) {
      const sum = sums.get(box) ?? { milliseconds: 0, liveBytes: 0 };
      sum.milliseconds += milliseconds[index] ?? 0;
      sum.liveBytes = Math.max(sum.liveBytes, liveBytes[index] ?? 0);
      sums.set(box, sum);
    }
  });
  const whole = sums.get("")?.milliseconds ?? 0;
  return new Map([...sums].map(([name, sum]) => [name, { ...sum, share: whole > 0 ? sum.milliseconds / whole : 0 }]));
}

/** How a broken value concerns a box. */
export type Broken = "first" | "reached";

/** The operation where it began and the scopes around it are `first`; what it reached, and the scopes around that, `reached`. */
export function brokenBoxes({ node, reached }: NonFiniteFinding): ReadonlyMap<string, Broken> {
  const boxes = new Map<string, Broken>();
  for (const name of reached) for (const box of pathTo(name)) boxes.set(box, "reached");
  for (const box of pathTo(node)) boxes.set(box, "first");
  return boxes;
}
