// TensorFlow's change of an image's type, from shares of the full brightness to bytes.
import type * as tf from "@tensorflow/tfjs-core";
import { cast } from "../graph/cast";
import { addConstant, hostConstant, onlyOutput } from "../graph/constants";
import { getDefaultGraph } from "../graph/graph";
import { outputOf } from "../graph/graphTensor";
import { addKernel, type KernelRequest } from "../graph/kernelOperation";

/** Bytes per share of brightness: half a byte more than the highest, as TensorFlow rounds. */
const scale = 255.5;

/**
 * `tf.image.convert_image_dtype(image, tf.uint8)`: values in [0, 1] to bytes, rounded down after scaling. `saturate` cuts
 * off what lies outside; without it values outside give bytes without meaning.
 */
export function convertImageToBytes<T extends tf.Tensor>(image: T, { saturate = false }: { readonly saturate?: boolean } = {}): T {
  const graph = getDefaultGraph();
  const add = (request: KernelRequest) => onlyOutput(addKernel(graph, request).operation);
  return graph.withinNameScope("convert_image", (name) => {
    const factor = addConstant(graph, hostConstant(scale), "Mul/y");
    const scaled = add({ kernel: "Multiply", name: "Mul", inputs: [["a", outputOf(image)], ["b", factor]] });
    const limits = { clipValueMin: 0, clipValueMax: 255 };
    const bytes = saturate ? add({ kernel: "ClipByValue", name: "clamp", inputs: [["x", scaled]], attrs: limits }) : scaled;
    return cast(bytes.tensor, "uint8", { name }) as T;
  });
}
