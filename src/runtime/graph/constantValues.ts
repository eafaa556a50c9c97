// What each Const operation holds, as the host gave it.
import type { OutputDtype } from "./dtypes";
import type { HostValues } from "./engine";
import type { Operation } from "./operation";

/** The value of a constant as it was given: numbers, or strings' bytes. */
export interface HostConstant {
  readonly values: HostValues;
  readonly shape: readonly number[];
  readonly dtype: OutputDtype;
}

const known = new WeakMap<Operation, HostConstant>();

/** What a Const operation holds, where it was given by the host. */
export function constantOf(operation: Operation): HostConstant | undefined {
  return known.get(operation);
}

/** Notes what a new Const operation holds. */
export function keepConstant(operation: Operation, value: HostConstant): void {
  known.set(operation, value);
}
