// Convolutions, pooling and their gradients as TensorFlow's nodes, and back: alike in two and in three dimensions but for their windows.
import type { AttrValue } from "#formats/graphDef/graphDef";
import type { KernelAttrs } from "./engine";
import type { FileNode } from "./fileNode";
import { listInput, type KernelForm } from "./kernelForms";

/** How windows stand in a node's attributes. */
export interface WindowAttrs {
  readonly write: (attrs: KernelAttrs) => [string, AttrValue][];
  readonly read: (node: FileNode) => KernelAttrs;
}

/** A convolution and its gradients by input and by filter. */
export function convolutionForms({ write, read }: WindowAttrs): { readonly forward: KernelForm; readonly byInput: KernelForm; readonly byFilter: KernelForm } {
  return {
    forward: {
      write: (_input, attrs) => ({ attrs: write(attrs) }),
      read: (node) => ({ keys: ["x", "filter"], attrs: read(node) }),
    },
    byInput: {
      write: (input, attrs) => ({ inputs: [listInput("input_sizes", attrs["inputShape"]), input("filter"), input("dy")], attrs: write(attrs) }),
      read: (node) => ({ keys: ["", "filter", "dy"], attrs: { ...read(node), inputShape: node.numbers(0) } }),
    },
    byFilter: {
      write: (input, attrs) => ({ inputs: [input("x"), listInput("filter_sizes", attrs["filterShape"]), input("dy")], attrs: write(attrs) }),
      read: (node) => ({ keys: ["x", "", "dy"], attrs: { ...read(node), filterShape: node.numbers(1) } }),
    },
  };
}

/** Pooling, and the gradients of its greatest and of its mean. */
export function poolingForms({ write, read }: WindowAttrs): { readonly forward: KernelForm; readonly ofGreatest: KernelForm; readonly ofMean: KernelForm } {
  return {
    forward: {
      write: (_input, attrs) => ({ attrs: write(attrs) }),
      read: (node) => ({ keys: ["x"], attrs: read(node) }),
    },
    ofGreatest: {
      write: (input, attrs) => ({ inputs: [input("input"), input("output"), input("dy")], attrs: write(attrs) }),
      read: (node) => ({ keys: ["input", "output", "dy"], attrs: read(node) }),
    },
    ofMean: {
      write: (input, attrs) => ({ inputs: [listInput("orig_input_shape", input("input").shape), input("dy")], attrs: write(attrs) }),
      read: (node) => ({ keys: ["", "dy"], attrs: read(node), standIns: { input: node.numbers(0) } }),
    },
  };
}
