// Exponential moving averages of variables and tensors: shadow variables, their names, their updates (EM-1 to EM-16).
import * as tf from "@tensorflow/tfjs-core";
import { isFloating } from "../graph/dtypes";
import { constant } from "../graph/constants";
import { group } from "../graph/controlDependencies";
import { getDefaultGraph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { opOf } from "../graph/graphTensor";
import type { Operation } from "../graph/operation";
import { buildingGraph } from "../graph/trace";
import { zerosInitializer } from "../scope/initializers";
import { Variable } from "../scope/variable";
import { globalVariables, movingAverageVariables, trainableVariables } from "../scope/variables";
import { assignMovingAverage } from "./movingAverage";
import { createSlot } from "./slots";

/** How averages are made. */
export interface AverageOptions {
  /** Near 1; lower forgets faster. */
  readonly decay: number | tf.Tensor;
  /** With it the decay is min(decay, (1 + n) / (10 + n)), n read at each run (EM-6). */
  readonly numUpdates?: number | tf.Tensor;
  /** Averages of tensors start unbiased (EM-8). */
  readonly zeroDebias?: boolean;
  /** Of the operations' scope, and the last part of averages' names; ExponentialMovingAverage unless given. */
  readonly name?: string;
}

/** Keeps averages of variables and tensors. They are variables themselves, saved and restored as such. */
export class ExponentialMovingAverage {
  /** Name of the scope of its operations, and last part of the averages' names. */
  readonly name: string;
  readonly #options: AverageOptions;
  readonly #averages = new Map<Operation, Variable>();

  /** Makes nothing in the graph yet: `apply` does. */
  constructor(options: AverageOptions) {
    this.#options = options;
    this.name = options.name ?? "ExponentialMovingAverage";
  }

  /** One operation that updates the averages of all items; by default of all trainable variables (EM-2, EM-10). */
  apply(list: readonly tf.Tensor[] = trainableVariables()): Operation {
    return buildingGraph(() => {
      const made = new Set<Operation>();
      for (const item of list) {
        if (!isFloating(item instanceof Variable ? item.declaredDtype : dtypeOf(item))) {
          throw new TypeError(`The variables must be half, float, or double: ${opOfItem(item).name}`);
        }
        if (!this.#averages.has(opOfItem(item))) this.#makeShadow(item, made);
      }
      return getDefaultGraph().withinNameScope(this.name, (scope) => {
        const decay = this.#decay();
        const updates = list.map((item) => {
          const average = this.#averages.get(opOfItem(item)) as Variable;
          return assignMovingAverage(average, item, { decay, zeroDebias: made.has(opOfItem(item)) });
        });
        return group(updates, { name: scope });
      });
    });
  }

  /** The average of an item, or undefined before `apply` (EM-11). */
  average(item: tf.Tensor): Variable | undefined {
    return this.#averages.get(opOfItem(item));
  }

  /** The operation name of an item's average, whether or not it exists yet (EM-14). */
  averageName(item: tf.Tensor): string {
    const operation = opOfItem(item);
    const existing = this.#averages.get(operation);
    if (existing) return existing.op.name;
    return operation.graph.uniqueName(`${operation.name}/${this.name}`, { markAsUsed: false });
  }

  /** Which variable to restore from which name, so that averages take the place of what they average (EM-15, EM-16). */
  variablesToRestore(averaged?: readonly Variable[]): Map<string, Variable>;
  /** Tensors, of which only averages are saved, are in the map by their averages' names as well. */
  variablesToRestore(averaged: readonly tf.Tensor[]): Map<string, tf.Tensor>;
  variablesToRestore(averaged: readonly tf.Tensor[] = [...trainableVariables(), ...movingAverageVariables()]): Map<string, tf.Tensor> {
    const restored = new Map<string, tf.Tensor>();
    const names = new Set<string>();
    for (const item of averaged) {
      const { name } = opOfItem(item);
      if (names.has(name)) continue;
      names.add(name);
      restored.set(this.averageName(item), item);
    }
    for (const variable of globalVariables()) {
      if (!names.has(variable.op.name) && !restored.has(variable.op.name)) restored.set(variable.op.name, variable);
    }
    return restored;
  }

  /** The shadow is a slot of the item (EM-12). A variable's begins with its value, a tensor's with zeros. */
  #makeShadow(item: tf.Tensor, debiased: Set<Operation>): void {
    const operation = opOfItem(item);
    const { graph } = operation;
    const shadow = graph.control.within(undefined, () =>
      item instanceof Variable
        ? createSlot(item, this.name, { initializer: item.initializedValue() })
        : createSlot({ op: operation }, this.name, { shape: item.shape, dtype: dtypeOf(item), initializer: zerosInitializer() }),
    );
    if (item instanceof Variable) graph.addToCollection(GraphKeys.MOVING_AVERAGE_VARIABLES, item);
    else if (this.#options.zeroDebias) debiased.add(operation);
    this.#averages.set(operation, shadow);
  }

  #decay(): tf.Tensor {
    const { decay, numUpdates } = this.#options;
    const base = typeof decay === "number" ? constant(decay, { name: "decay" }) : decay;
    if (numUpdates === undefined) return base;
    const n = typeof numUpdates === "number" ? tf.scalar(numUpdates) : tf.cast(numUpdates, "float32");
    return tf.minimum(base, tf.div(tf.add(1, n), tf.add(10, n)));
  }
}

function opOfItem(item: tf.Tensor): Operation {
  return item instanceof Variable ? item.op : opOf(item);
}

function dtypeOf(item: tf.Tensor): Parameters<typeof isFloating>[0] {
  return opOf(item).outputs[0]?.dtype ?? "float32";
}
