// How a tfjs kernel and TensorFlow's node of it are told from each other: the pieces of which both directions are made.
import type { AttrValue } from "#formats/graphDef/graphDef";
import { boolAttr, intAttr, listAttr, stringAttr } from "./attrs";
import type { OutputDtype } from "./dtypes";
import type { KernelAttrs } from "./engine";
import type { FileNode } from "./fileNode";
import type { Operation, Output } from "./operation";

/** A constant that TensorFlow has as an input where tfjs has an attribute. */
export interface ConstInput {
  /** Last part of its name, below the operation's. */
  readonly name: string;
  readonly values: readonly number[];
  /** A scalar instead of a list. */
  readonly scalar?: boolean;
  readonly shape?: readonly number[];
  readonly dtype?: OutputDtype;
}

/** What TensorFlow's node has where it differs from the operation: all its inputs, and attributes besides T. */
export type WriteKernel = (input: (key: string) => Output, attrs: KernelAttrs, operation: Operation) => {
  inputs?: readonly (Output | ConstInput)[];
  attrs?: readonly (readonly [string, AttrValue])[];
};

/** A node as a call of a kernel. */
export interface KernelOfNode {
  /** The kernel's name of each of the node's inputs; an empty one where the kernel has an attribute instead. */
  readonly keys: readonly string[];
  readonly attrs?: KernelAttrs;
  /** The kernel takes a list: all inputs with a key, in order. */
  readonly list?: boolean;
  /** Inputs of which only the kernel knows and only the shape counts. */
  readonly standIns?: Readonly<Record<string, readonly number[]>>;
}

/** Both directions of one kernel. */
export interface KernelForm {
  readonly write: WriteKernel;
  readonly read: (node: FileNode) => KernelOfNode;
}

/** Forms by tfjs's name of the kernel. */
export type KernelForms = Readonly<Record<string, KernelForm | undefined>>;

/** The numbers of an attribute, nested or not. */
export const numbersOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.flat(3).map(Number) : [Number(value)]);

/** A list as a constant. */
export const listInput = (name: string, value: unknown): ConstInput => ({ name, values: numbersOf(value) });

/** One number as a constant. */
export const scalarInput = (name: string, value: unknown, dtype: OutputDtype = "int32"): ConstInput => ({
  name,
  values: [Number(value)],
  scalar: true,
  dtype,
});

/** Pairs, such as paddings, as a constant. */
export const pairsInput = (name: string, value: unknown): ConstInput => {
  const values = numbersOf(value);
  return { name, values, shape: [values.length / 2, 2] };
};

/** A constant of pairs, read. */
export function pairsOf(values: readonly number[]): [number, number][] {
  return Array.from({ length: values.length / 2 }, (_, at) => [values[2 * at] ?? 0, values[2 * at + 1] ?? 0]);
}

/** The only order of axes that tfjs's kernels and these forms share. */
export const channelsLast: [string, AttrValue] = ["data_format", stringAttr("NHWC")];

/** Refuses the order of axes that most backends of tfjs cannot compute. */
export function checkFormat(node: FileNode): void {
  const format = node.text("data_format", "NHWC");
  if (format !== "NHWC") node.refuse(`has its axes in the order ${format}; only NHWC is offered here`);
}

/** Strides and dilations of a convolution. */
export function writeWindow(attrs: KernelAttrs): [string, AttrValue][] {
  return [["strides", around(attrs["strides"] ?? 1)], ["dilations", around(attrs["dilations"] ?? 1)], channelsLast, ...writePadding(attrs["pad"])];
}

/** Size and strides of pooling. */
export function writePool(attrs: KernelAttrs): [string, AttrValue][] {
  return [["ksize", around(attrs["filterSize"])], ["strides", around(attrs["strides"])], channelsLast, ...writePadding(attrs["pad"])];
}

/** What `writeWindow` wrote. */
export function readWindow(node: FileNode): KernelAttrs {
  checkFormat(node);
  return { strides: inner(node.ints("strides")), dilations: inner(node.ints("dilations")), pad: readPadding(node), dataFormat: "NHWC" };
}

/** What `writePool` wrote. */
export function readPool(node: FileNode): KernelAttrs {
  checkFormat(node);
  return { filterSize: inner(node.ints("ksize")), strides: inner(node.ints("strides")), pad: readPadding(node) };
}

/** The attributes under names of their own: number, truth value and text as they are. */
export function writePlain(attrs: KernelAttrs): [string, AttrValue][] {
  return Object.entries(attrs).flatMap(([key, value]): [string, AttrValue][] => {
    if (typeof value === "boolean") return [[key, boolAttr(value)]];
    if (typeof value === "string") return [[key, stringAttr(value)]];
    if (typeof value === "number") return [[key, Number.isInteger(value) ? intAttr(value) : { kind: "float", value }]];
    if (Array.isArray(value)) return [[key, listAttr(numbersOf(value).map(intAttr))]];
    return [];
  });
}

/** What `writePlain` wrote: everything but types and what begins with an underscore. */
export function readPlain({ def }: FileNode): KernelAttrs {
  return Object.fromEntries([...def.attrs].flatMap(([key, attr]): [string, unknown][] => {
    if (key.startsWith("_")) return [];
    switch (attr.kind) {
      case "int": return [[key, Number(attr.value)]];
      case "float":
      case "bool": return [[key, attr.value]];
      case "string": return [[key, new TextDecoder().decode(attr.value)]];
      case "list": return [[key, attr.items.map((item) => (item.kind === "int" ? Number(item.value) : 0))]];
      default: return [];
    }
  }));
}

function around(value: unknown): AttrValue {
  const [height = 1, width = height] = numbersOf(value);
  return listAttr([1, height, width, 1].map(intAttr));
}

function inner([, height = 1, width = 1]: readonly number[]): [number, number] {
  return [height, width];
}

function writePadding(pad: unknown): [string, AttrValue][] {
  if (typeof pad === "string") return [["padding", stringAttr(pad.toUpperCase())]];
  if (pad === 0) return [["padding", stringAttr("VALID")]];
  const sides = typeof pad === "number" ? [0, 0, pad, pad, pad, pad, 0, 0] : numbersOf(pad);
  return [["padding", stringAttr("EXPLICIT")], ["explicit_paddings", listAttr(sides.map(intAttr))]];
}

function readPadding(node: FileNode): unknown {
  const padding = node.text("padding", "VALID");
  return padding === "EXPLICIT" ? pairsOf(node.ints("explicit_paddings")) : padding.toLowerCase();
}
