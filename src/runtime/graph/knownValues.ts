// Values that are known while a graph is built: constants, and what is computed from shapes and other known values.
import { constantOf, type HostConstant } from "./constantValues";
import { sizeOf } from "./dtypes";
import type { Operation, Output } from "./operation";

/** More elements than any shape, list of axes or size has. */
const mostElements = 4096;

/** The value of an output where it does not depend on the run; undefined else. */
export function knownValue(output: Output): HostConstant | undefined {
  const { operation } = output;
  const host = constantOf(operation);
  if (host) return host;
  if (sizeOf(output.shape) > mostElements) return undefined;
  const rule = rules[operation.type];
  const values = rule?.(operation, output);
  return values && { values: Int32Array.from(values), shape: [...output.shape], dtype: output.dtype };
}

type Rule = (operation: Operation, output: Output) => readonly number[] | undefined;

const elementwise = (compute: (a: number, b: number) => number): Rule => ({ inputs: [a, b] }, { shape }) => {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (!left || !right) return undefined;
  const at = (list: readonly number[], index: number) => list[list.length === 1 ? 0 : index] ?? 0;
  return Array.from({ length: sizeOf(shape) }, (_, index) => compute(at(left, index), at(right, index)));
};

const same: Rule = ({ inputs: [x] }) => numbersOf(x);
const joined = (inputs: readonly Output[]): readonly number[] | undefined => {
  const parts = inputs.map(numbersOf);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
};

/** By type of operation. Only whole numbers and truth values are followed: they are what shapes are made of. */
const rules: Readonly<Record<string, Rule | undefined>> = {
  Identity: same,
  Cast: same,
  Reshape: same,
  ExpandDims: same,
  Squeeze: same,
  Pack: ({ inputs }, { shape }) => (shape.length === 1 ? joined(inputs) : undefined),
  ConcatV2: ({ inputs }, { shape }) => (shape.length === 1 ? joined(inputs.slice(0, -1)) : undefined),
  ShapeN: ({ inputs }, { index }) => inputs[index]?.shape,
  BroadcastGradientArgs: ({ inputs: [a, b] }, { index }) => {
    const [left, right] = [numbersOf(a), numbersOf(b)];
    return left && right && summedAxes(left, right)[index];
  },
  Fill: ({ inputs: [, value] }, { shape }) => {
    const [filled] = numbersOf(value) ?? [];
    return filled === undefined ? undefined : new Array<number>(sizeOf(shape)).fill(filled);
  },
  Range: ({ inputs }, { shape }) => {
    const [[start], , [delta]] = inputs.map((input) => numbersOf(input) ?? []) as [number[], number[], number[]];
    return start === undefined || delta === undefined ? undefined : Array.from({ length: sizeOf(shape) }, (_, index) => start + index * delta);
  },
  StridedSlice: ({ inputs, kernel }, { shape }) => {
    const values = numbersOf(inputs[0]);
    const [begin = 0] = numbersOf(inputs[1]) ?? [];
    const [stride = 1] = numbersOf(inputs[3]) ?? [];
    const fromStart = Number(kernel?.attrs["beginMask"] ?? 0) === 1;
    if (!values || inputs[0]?.shape.length !== 1) return undefined;
    const first = fromStart ? 0 : begin < 0 ? begin + values.length : begin;
    return Array.from({ length: sizeOf(shape) }, (_, index) => values[first + index * stride] ?? 0);
  },
  Slice: ({ inputs: [x, begin] }, { shape }) => {
    const values = x?.shape.length === 1 ? numbersOf(x) : undefined;
    const [first = 0] = numbersOf(begin) ?? [];
    return values?.slice(first, first + sizeOf(shape));
  },
  Prod: ({ inputs: [x] }, { shape }) => {
    const factors = shape.length === 0 ? numbersOf(x) : undefined;
    return factors && [factors.reduce((product, factor) => product * factor, 1)];
  },
  Mul: elementwise((a, b) => a * b),
  AddV2: elementwise((a, b) => a + b),
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  FloorDiv: elementwise((a, b) => Math.floor(a / b)),
  FloorMod: elementwise((a, b) => a - b * Math.floor(a / b)),
  Maximum: elementwise(Math.max),
  Minimum: elementwise(Math.min),
};

/** The axes over which the gradients of two shapes that were broadcast to each other are summed (TensorFlow: bcast.h). */
export function summedAxes(left: readonly number[], right: readonly number[]): readonly (readonly number[])[] {
  const rank = Math.max(left.length, right.length);
  const lengthAt = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
  return [left, right].map((shape) => Array.from({ length: rank }, (_, axis) => axis).filter((axis) => lengthAt(shape, axis) === 1));
}

function numbersOf(output: Output | undefined): readonly number[] | undefined {
  if (!output || output.dtype === "float32" || output.dtype === "string") return undefined;
  const known = knownValue(output);
  return known && Array.from(known.values as ArrayLike<number>, Number);
}
