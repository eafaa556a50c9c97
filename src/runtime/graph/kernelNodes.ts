// Kernels as TensorFlow's nodes, and such nodes as kernels: one table for both ways.
import type { AttrValue } from "#formats/graphDef/graphDef";
import { stringAttr } from "./attrs";
import { arrayForms, choosesAlike } from "./arrayForms";
import { convForms } from "./convForms";
import type { KernelAttrs } from "./engine";
import type { FileNode } from "./fileNode";
import { readPlain, writePlain, type ConstInput, type KernelForms, type KernelOfNode } from "./kernelForms";
import type { Operation, Output } from "./operation";
import { kernelsOfType } from "./opNames";
import { rareForms } from "./rareForms";
import { volumeForms } from "./volumeForms";

/** A node's inputs and attributes as TensorFlow has them. */
export interface KernelNode {
  readonly inputs: readonly (Output | ConstInput)[];
  readonly attrs: ReadonlyMap<string, AttrValue>;
}

const forms: KernelForms = { ...arrayForms, ...convForms, ...volumeForms, ...rareForms };

/** How TensorFlow writes an operation that runs a kernel. */
export function kernelNode(operation: Operation): KernelNode {
  const { kernel } = operation;
  if (!kernel) return { inputs: operation.inputs, attrs: new Map() };
  const form = forms[kernel.name];
  const input = (key: string): Output => {
    const found = operation.inputs[kernel.keys.indexOf(key)];
    if (!found) throw new Error(`${operation.name} (${kernel.name}) has no input called ${key}`);
    return found;
  };
  const exact = exactNumbers(kernel.attrs);
  if (!form) return { inputs: operation.inputs, attrs: new Map([...writePlain(kernel.attrs), ...exact]) };
  const { inputs = operation.inputs, attrs = [] } = form.write(input, kernel.attrs, operation);
  return { inputs, attrs: new Map([...attrs, ...exact]) };
}

/** The attribute with numbers that a kernel gets in double precision where TensorFlow's node has them in single: training goes on with the same bits. */
const exactAttr = "_trainscope_exact";

function exactNumbers(attrs: KernelAttrs): [string, AttrValue][] {
  const numbers = Object.entries(attrs).filter(([, value]) => typeof value === "number" && Number.isFinite(value) && Math.fround(value) !== value);
  return numbers.length > 0 ? [[exactAttr, stringAttr(JSON.stringify(Object.fromEntries(numbers)))]] : [];
}

/** Only numbers under names that the node gives as well. */
function readExact(node: FileNode, attrs: KernelAttrs): KernelAttrs {
  const text = node.text(exactAttr);
  if (!text) return attrs;
  const exact = JSON.parse(text) as Record<string, unknown>;
  const rounded = (key: string) => attrs[key] === Math.fround(Number(exact[key]));
  return { ...attrs, ...Object.fromEntries(Object.entries(exact).filter(([key, value]) => typeof value === "number" && rounded(key))) };
}

/** The kernel that runs a node; undefined where no kernel is called so. `known` says which there are. */
export function kernelOfNode(node: FileNode, known: (kernel: string) => boolean): (KernelOfNode & { readonly kernel: string }) | undefined {
  const kernel = kernelsOfType(node.type).filter(known).find((each) => fits(each, node));
  if (kernel === undefined) return undefined;
  const form = forms[kernel];
  const read = form?.read(node) ?? { keys: keysOf(kernel, node.inputs.length), attrs: readPlain(node) };
  return { kernel, ...read, attrs: readExact(node, read.attrs ?? {}) };
}

/** Which of several kernels of one type a node wants. */
function fits(kernel: string, node: FileNode): boolean {
  if (kernel === "Select") return choosesAlike(node.inputs);
  if (kernel === "FusedBatchNorm") return !node.bool("is_training", true);
  if (kernel === "FusedBatchNormV3") return node.bool("is_training", true);
  return true;
}

/** tfjs's names of the inputs of kernels that have no form of their own. */
const inputNames: Readonly<Record<string, readonly string[]>> = {
  Prelu: ["x", "alpha"],
  EluGrad: ["dy", "y"],
};

function keysOf(kernel: string, inputs: number): readonly string[] {
  return inputNames[kernel] ?? (inputs === 1 ? ["x"] : ["a", "b"]);
}
