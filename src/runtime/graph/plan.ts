// What one combination of fetches and feeds needs: which operations, in which order, and when each value is freed.
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "#base/errors";
import { installTrainingKernels } from "../kernels/installTrainingKernels";
import { choosesBranch } from "./controlFlow";
import { backendName } from "./engine";
import type { Operation, Output } from "./operation";
import { ownKernels } from "./ownKernels";
import { printSource } from "./source";

/** One operation of a plan. Numbers are slots; an output that was fed has -1, since its own result is not wanted. */
export interface PlanEntry {
  readonly operation: Operation;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Slots that nobody needs after this operation. */
  readonly frees: readonly number[];
}

/** A run, prepared. Slots 0 … feeds-1 are the fed values. */
export interface Plan {
  readonly entries: readonly PlanEntry[];
  readonly slots: number;
  /** Slots of the fetched outputs, in the order they were asked for. */
  readonly fetched: readonly number[];
  /** Some of it may not be carried out: there are branches. */
  readonly branches: boolean;
}

/** Plans a run: the ancestors of what is fetched, stopping at what is fed, in the order of creation, early ones first. */
export function makePlan(
  fetches: { readonly outputs: readonly Output[]; readonly operations: readonly Operation[] },
  fed: readonly Output[],
): Plan {
  const slots = new Slots();
  for (const output of fed) slots.of(output);
  const isFed = new Set(fed);
  const operations = ancestors([...fetches.operations, ...fetches.outputs], isFed);
  checkKernels(operations);
  const drafts = operations.map((operation) => ({
    operation,
    inputs: operation.inputs.map((input) => slots.of(input)),
    outputs: operation.outputs.map((output) => (isFed.has(output) ? -1 : slots.of(output))),
  }));
  const fetched = fetches.outputs.map((output) => slots.of(output));
  const frees = lastUses(drafts, new Set(fetched));
  const entries = drafts.map((draft, index) => ({ ...draft, frees: frees[index] ?? [] }));
  return { entries, slots: slots.count, fetched, branches: operations.some(choosesBranch) };
}

/** Gives each output a number, in the order of asking. */
class Slots {
  readonly #numbers = new Map<Output, number>();

  of(output: Output): number {
    const known = this.#numbers.get(output);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(output, number);
    return number;
  }

  get count(): number {
    return this.#numbers.size;
  }
}

function ancestors(targets: readonly (Operation | Output)[], fed: ReadonlySet<Output>): Operation[] {
  const needed = new Set<Operation>();
  const waiting: Operation[] = [];
  const need = (operation: Operation): void => {
    if (needed.has(operation)) return;
    needed.add(operation);
    waiting.push(operation);
  };
  for (const target of targets) {
    if (!("operation" in target)) need(target);
    else if (!fed.has(target)) need(target.operation);
  }
  for (let operation = waiting.pop(); operation; operation = waiting.pop()) {
    for (const input of operation.inputs) if (!fed.has(input)) need(input.operation);
    for (const control of operation.controlInputs) need(control);
  }
  return [...needed].sort((a, b) => placeOf(a) - placeOf(b) || a.id - b.id);
}

/** An early operation runs right behind the last of its inputs, anything else where it was made. */
function placeOf(operation: Operation): number {
  if (!operation.early) return operation.id;
  return Math.max(-1, ...operation.inputs.map((input) => placeOf(input.operation)), ...operation.controlInputs.map(placeOf)) + 0.5;
}

function lastUses(
  entries: readonly { readonly inputs: readonly number[]; readonly outputs: readonly number[] }[],
  kept: ReadonlySet<number>,
): number[][] {
  const last = new Map<number, number>();
  entries.forEach(({ inputs, outputs }, index) => {
    for (const slot of [...inputs, ...outputs]) if (slot >= 0) last.set(slot, index);
  });
  const frees: number[][] = entries.map(() => []);
  for (const [slot, index] of last) if (!kept.has(slot)) frees[index]?.push(slot);
  return frees;
}

/** Refuses operations whose kernel the current backend lacks, before anything has run. */
function checkKernels(operations: readonly Operation[]): void {
  const backend = backendName();
  installTrainingKernels();
  const missing = new Map<string, Operation>();
  for (const operation of operations) {
    const name = operation.kernel?.name;
    if (name && !missing.has(name) && !ownKernels[name] && !tf.getKernel(name, backend)) missing.set(name, operation);
  }
  if (missing.size === 0) return;
  const list = [...missing].map(([kernel, { name, source }]) => {
    return `${kernel} (node ${name}${source ? `, ${printSource(source)}` : ""})`;
  });
  throw new UserError(`The backend ${backend} has no kernel for: ${list.join("; ")}. Choose another backend.`);
}
