// What a session holds of each variable: a box that readers share and in-place updates write.
import * as tf from "@tensorflow/tfjs-core";
import type { Disposable } from "#base/lifetime";
import { printShape, sameShape } from "./dtypes";
import { shareTensor } from "./engine";
import { FailedPreconditionError, InvalidArgumentError } from "./errors";
import { roundedTo } from "./halves";
import { untaken, type ExecuteFunction, type Held, type Operation, type RunFunction, type Value } from "./operation";

/** A value that its readers see as it is when they run, not as it was when they got it. */
export class Box {
  #holders = 1;

  constructor(public value: Value) {}

  /** One more holder: a reader's output slot. */
  hold(): this {
    this.#holders += 1;
    return this;
  }

  /** One holder less; the last one frees the value. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) freeValue(this.value);
  }

  /** In-place update: all who hold the box see the new value. */
  write(value: Value): void {
    const old = this.value;
    this.value = value;
    freeValue(old);
  }
}

/** A variable as an operation sees it that takes references: look, replace, update in place. */
export class VariableReference {
  constructor(
    private readonly values: VariableValues,
    readonly variable: Operation,
  ) {}

  get initialized(): boolean {
    return this.values.has(this.variable);
  }

  /** The box of the variable; an uninitialised variable is a failed precondition. */
  box(): Box {
    return this.values.box(this.variable);
  }

  /** `assign`: a new box, so earlier readers keep what they got. Takes over the value. */
  put(value: Value): void {
    this.values.put(this.variable, value);
  }

  /** In-place update of the box. Takes over the value. */
  write(value: Value): void {
    this.box().write(asDeclared(this.variable, value));
  }
}

/** Values of a session's variables at one moment. Disposing of it frees them. */
export interface KeptVariables extends Disposable {
  readonly values: ReadonlyMap<Operation, Value>;
}

/** The variables of one session. */
export class VariableValues {
  readonly #boxes = new Map<Operation, Box>();

  has(variable: Operation): boolean {
    return this.#boxes.has(variable);
  }

  box(variable: Operation): Box {
    const box = this.#boxes.get(variable);
    if (box) return box;
    throw new FailedPreconditionError(`Attempting to use uninitialized value ${variable.name}`, variable.name);
  }

  put(variable: Operation, value: Value): void {
    checkValue(variable, value);
    const old = this.#boxes.get(variable);
    this.#boxes.set(variable, new Box(asDeclared(variable, value)));
    old?.release();
  }

  /** A second owner of every value; updates make new values and so leave these as they are. */
  keep(): KeptVariables {
    const values = new Map([...this.#boxes].map(([variable, { value }]) => [variable, shared(value)] as const));
    return { values, dispose: () => values.forEach(freeValue) };
  }

  /** The kept values, and no others. */
  putAll({ values }: KeptVariables): void {
    for (const [variable, box] of [...this.#boxes]) {
      if (values.has(variable)) continue;
      this.#boxes.delete(variable);
      box.release();
    }
    for (const [variable, value] of values) this.put(variable, shared(value));
  }

  dispose(): void {
    for (const box of this.#boxes.values()) box.release();
    this.#boxes.clear();
  }
}

function shared(value: Value): Value {
  return value instanceof tf.Tensor ? shareTensor(value) : value;
}

/** The value that a slot stands for at this moment. */
export function valueOf(held: Held): Value {
  if (held instanceof Box) return held.value;
  if (held === untaken) throw new InvalidArgumentError("A value was fetched that lies on a branch which was not taken.");
  return held instanceof VariableReference ? held.box().value : held;
}

/** An operation on values, which variables' references and boxes are read for. */
export function onValues(run: RunFunction): ExecuteFunction {
  return (inputs, context) => run(inputs.map(valueOf), context);
}

/** Lets go of what lies in a slot. */
export function releaseHeld(held: Held): void {
  if (held instanceof Box) held.release();
  else if (held !== untaken && !(held instanceof VariableReference)) freeValue(held);
}

/** Frees a tensor; host values need no freeing. */
function freeValue(value: Value): void {
  if (value instanceof tf.Tensor) value.dispose();
}

function asDeclared({ outputs: [output] }: Operation, value: Value): Value {
  return output && value instanceof tf.Tensor ? roundedTo(output.dtype, value) : value;
}

function checkValue(variable: Operation, value: Value): void {
  const output = variable.outputs[0];
  if (!output || !(value instanceof tf.Tensor)) return;
  if (!sameShape(output.shape, value.shape)) {
    throw new InvalidArgumentError(
      `Assign requires shapes of both tensors to match. lhs shape= ${printShape(output.shape)} ` +
        `rhs shape= ${printShape(value.shape)} (variable ${variable.name})`,
      variable.name,
    );
  }
}
