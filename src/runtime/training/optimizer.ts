// What all optimizers share: which variables, in which scopes, one update each, and what ends a training step.
import * as tf from "@tensorflow/tfjs-core";
import { addConstant, hostConstant } from "../graph/constants";
import { controlDependencies, group } from "../graph/controlDependencies";
import { ValueError } from "../graph/errors";
import { gradients } from "../graph/gradients";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { opOf } from "../graph/graphTensor";
import type { Operation, Output } from "../graph/operation";
import { outputFor } from "../graph/record";
import { buildingGraph } from "../graph/trace";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import { type Variable } from "../scope/variable";
import { trainableVariables } from "../scope/variables";
import { variableScope } from "../scope/variableScope";

/** A gradient, or null where the loss does not depend on the variable, and the variable. */
export type GradientPair = readonly [gradient: tf.Tensor | null, variable: Variable];

/** A hyperparameter: a number, or a tensor of the graph for one that changes. */
export type Hyperparameter = number | tf.Tensor;

/** Options of applyGradients and minimize. */
export interface ApplyOptions {
  /** Counted up by one after the updates. */
  readonly globalStep?: Variable;
  /** Default: the optimizer's name. */
  readonly name?: string;
}

/** Base of the optimizers, with TF1's `Optimizer` behaviour and names. */
export abstract class Optimizer {
  readonly #slots = new Map<string, Map<Variable, Variable>>();

  constructor(readonly name: string) {}

  /** Operations that compute the gradients of `loss`; by default for all trainable variables. */
  computeGradients(loss: tf.Tensor, varList: readonly Variable[] = trainableVariables()): GradientPair[] {
    if (varList.length === 0) throw new ValueError("No variables to optimize.");
    const found = buildingGraph(() => gradients([loss], varList));
    return varList.map((variable, index) => [found[index] ?? null, variable]);
  }

  /** One operation that updates all variables that have a gradient, then counts the global step, if given. */
  applyGradients(pairs: readonly GradientPair[], { globalStep, name }: ApplyOptions = {}): Operation {
    const known = pairs.filter((pair): pair is readonly [tf.Tensor, Variable] => pair[0] !== null);
    const [first] = known;
    if (!first) {
      const names = pairs.map(([, variable]) => variable.name).join(", ");
      throw new ValueError(`No gradients provided for any variable: ${names}.`);
    }
    const graph = first[1].op.graph;
    graph.control.within(undefined, () => this.createSlots(known.map(([, variable]) => variable)));
    return graph.withinNameScope(name ?? this.name, (scope) => {
      const hyper = this.hyperparameters(graph);
      const updates = known.map(([gradient, variable]) =>
        graph.withinNameScope(`update_${variable.op.name}`, () =>
          this.update({ graph, gradient: outputFor(graph, gradient), variable, hyper }),
        ),
      );
      const train = globalStep
        ? this.#finishAndCount({ updates, hyper, scope, globalStep })
        : this.finish({ updates, hyper, name: scope });
      const collection = graph.getCollectionRef(GraphKeys.TRAIN_OP);
      if (!collection.includes(train)) graph.addToCollection(GraphKeys.TRAIN_OP, train);
      return train;
    });
  }

  /** computeGradients and applyGradients in one. */
  minimize(
    loss: tf.Tensor,
    { varList, ...options }: ApplyOptions & { readonly varList?: readonly Variable[] } = {},
  ): Operation {
    return this.applyGradients(this.computeGradients(loss, varList), options);
  }

  /** Names of the slots, such as "m" and "v". */
  getSlotNames(): string[] {
    return [...this.#slots.keys()].sort();
  }

  /** The slot of a variable, once applyGradients has made it. */
  getSlot(variable: Variable, name: string): Variable | undefined {
    return this.#slots.get(name)?.get(variable);
  }

  /** Variables that the optimizer keeps besides the given ones. */
  variables(): Variable[] {
    return [...this.#slots.values()].flatMap((slot) => [...slot.values()]);
  }

  /** Makes what the optimizer keeps; called outside of control dependencies. */
  protected abstract createSlots(variables: readonly Variable[]): void;

  /** Constants of the update operations, in the order of their inputs. */
  protected abstract hyperparameters(graph: Graph): readonly Output[];

  /** The operation that updates one variable. */
  protected abstract update(step: UpdateStep): Operation;

  /** The operation that is done when all updates are. */
  protected finish({ updates, name }: FinishStep): Operation {
    return group(updates, { name });
  }

  /** A slot of zeros, `<variable>/<optimizer>`, made once per variable. */
  protected zerosSlot(variable: Variable, slotName: string): Variable {
    const slots = this.#slots.get(slotName) ?? new Map<Variable, Variable>();
    this.#slots.set(slotName, slots);
    const slot = slots.get(variable) ?? makeZerosSlot(variable, this.name);
    slots.set(variable, slot);
    return slot;
  }

  #finishAndCount(
    step: Omit<FinishStep, "name"> & { readonly scope: string; readonly globalStep: Variable },
  ): Operation {
    const { updates, hyper, scope, globalStep } = step;
    const done = this.finish({ updates, hyper, name: "update" });
    return controlDependencies([done], () => opOf(globalStep.assignAdd(1, { name: scope })));
  }
}

/** One variable's update. */
export interface UpdateStep {
  readonly graph: Graph;
  readonly gradient: Output;
  readonly variable: Variable;
  readonly hyper: readonly Output[];
}

/** The end of a step. */
export interface FinishStep {
  readonly updates: readonly Operation[];
  readonly hyper: readonly Output[];
  readonly name: string;
}

/** A hyperparameter as an operand of an update. */
export function hyperparameter(graph: Graph, value: Hyperparameter, name: string): Output {
  return value instanceof tf.Tensor ? outputFor(graph, value) : addConstant(graph, hostConstant(value), name);
}

/** A slot is the variable scope of its own name: `v/Adam`, and `v/Adam_1` for the next one. */
function makeZerosSlot(variable: Variable, name: string): Variable {
  return getDefaultGraph().control.within(undefined, () =>
    variableScope(null, { defaultName: `${variable.op.name}/${name}` }, () =>
      getVariable("", {
        shape: variable.shape,
        dtype: variable.declaredDtype,
        initializer: zerosInitializer(),
        trainable: false,
        useResource: variable.useResource,
      }),
    ),
  );
}
