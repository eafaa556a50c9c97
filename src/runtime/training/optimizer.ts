// What all optimizers share: which variables, in which scopes, one update each, and what ends a training step.
import * as tf from "@tensorflow/tfjs-core";
import { addConstant, hostConstant } from "../graph/constants";
import { controlDependencies, group, tuple } from "../graph/controlDependencies";
import { ValueError } from "../graph/errors";
import { gradients } from "../graph/gradients";
import type { Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { opOf } from "../graph/graphTensor";
import type { Operation, Output } from "../graph/operation";
import { outputFor } from "../graph/record";
import { buildingGraph } from "../graph/trace";
import { zerosInitializer, type Initializer } from "../scope/initializers";
import { PartitionedVariable } from "../scope/partitionedVariable";
import type { Variable } from "../scope/variable";
import { trainableVariables } from "../scope/variables";
import { createSlot } from "./slots";

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

/**
 * When gradients may be used: "op" when all of one operation are there, "graph" when all are there. Here operations run in
 * the order in which they were made, gradients before updates; a TensorFlow that trains the written graph needs the gates.
 */
export type GateGradients = "none" | "op" | "graph";

/** Options of computeGradients. */
export interface GradientsOfLossOptions {
  /** When gradients may be applied; `graph`: once all are computed. */
  readonly gateGradients?: GateGradients;
  /** The gradient of the loss itself; ones unless given. */
  readonly gradLoss?: tf.Tensor;
}

/** Variables to train; of a partitioned one all its parts. */
export type VariablesToTrain = readonly (Variable | PartitionedVariable)[];

/** Base of the optimizers, with TF1's `Optimizer` behaviour and names. */
export abstract class Optimizer {
  readonly #slots = new Map<string, Map<Variable, Variable>>();

  constructor(
    /** Scope of its operations, and last part of its slots' names. */
    readonly name: string,
  ) {}

  /** Operations that compute the gradients of `loss`; by default for all trainable variables. */
  computeGradients(
    loss: tf.Tensor,
    varList: VariablesToTrain = trainableVariables(),
    { gateGradients = "op", gradLoss }: GradientsOfLossOptions = {},
  ): GradientPair[] {
    const variables = varList.flatMap((each) => (each instanceof PartitionedVariable ? [...each.parts] : [each]));
    if (variables.length === 0) throw new ValueError("No variables to optimize.");
    const found = buildingGraph(() => gradients([loss], variables, { gradYs: [gradLoss], gate: gateGradients === "op" }));
    const known = found.filter((gradient) => gradient !== null);
    const gated = gateGradients === "graph" ? new Map(tuple(known).map((gradient, at) => [known[at], gradient])) : undefined;
    return variables.map((variable, index) => {
      const gradient = found[index] ?? null;
      return [gradient && (gated?.get(gradient) ?? gradient), variable];
    });
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
          constrained(variable, this.update({ graph, gradient: outputFor(graph, gradient), variable, hyper })),
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
    { varList, gateGradients, gradLoss, ...options }: ApplyOptions & GradientsOfLossOptions & { readonly varList?: VariablesToTrain } = {},
  ): Operation {
    const asked = { ...(gateGradients && { gateGradients }), ...(gradLoss && { gradLoss }) };
    return this.applyGradients(this.computeGradients(loss, varList, asked), options);
  }

  /** Names of the slots, such as "m" and "v". */
  getSlotNames(): string[] {
    return [...this.#slots.keys()].sort();
  }

  /** The slot of a variable, once applyGradients has made it. */
  getSlot(variable: Variable, name: string): Variable | undefined {
    return this.#slots.get(name)?.get(variable);
  }

  /** Variables that the optimizer keeps besides the given ones, in the order of their names. */
  variables(): Variable[] {
    const slots = [...this.#slots.values()].flatMap((slot) => [...slot.values()]);
    return [...this.nonSlotVariables(), ...slots].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** What is kept once for all variables, such as Adam's powers. */
  protected nonSlotVariables(): readonly Variable[] {
    return [];
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

  /** A slot `<variable>/<optimizer>`, made once per variable; of zeros unless an initializer is given. */
  protected slot(variable: Variable, slotName: string, initializer: Initializer = zerosInitializer()): Variable {
    const slots = this.#slots.get(slotName) ?? new Map<Variable, Variable>();
    this.#slots.set(slotName, slots);
    const { shape, declaredDtype: dtype, useResource } = variable;
    const slot = slots.get(variable) ?? createSlot(variable, this.name, { shape, dtype, initializer, useResource });
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

/** An update of a variable with a constraint is done when the constrained value is in place. */
function constrained(variable: Variable, update: Operation): Operation {
  const { constraint } = variable;
  if (!constraint) return update;
  return controlDependencies([update], () => opOf(variable.assign(buildingGraph(() => constraint(variable)))));
}
