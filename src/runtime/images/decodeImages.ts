// An operation that reads a PNG file out of a string.
import * as tf from "@tensorflow/tfjs-core";
import { intAttr, typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import { carrierOf } from "../graph/dtypes";
import { InvalidArgumentError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import type { Operation } from "../graph/operation";
import { decodePng } from "./decodePng";

/**
 * `tf.image.decode_png(contents, channels=3)`: RGB bytes [height, width, 3] of the PNG file in a scalar string. Grey becomes
 * three equal channels, transparency is dropped. Shapes are static here, so the size must be said; a file of another size is an error.
 */
export function decodePngTensor(
  contents: tf.Tensor,
  { height, width, name = "DecodePng" }: { readonly height: number; readonly width: number; readonly name?: string },
): tf.Tensor3D {
  const graph: Graph = getDefaultGraph();
  const operation: Operation = graph.createOperation({
    type: "DecodePng",
    name,
    inputs: [contents],
    attrs: new Map([["channels", intAttr(3)], ["dtype", typeAttr("uint8")]]),
    outputs: [{ dtype: "uint8", shape: [height, width, 3] }],
    run: ([value]) => {
      if (!(value instanceof Uint8Array)) throw new InvalidArgumentError("DecodePng takes one string.", operation.name);
      const picture = decodePng(value);
      if (picture.height !== height || picture.width !== width) {
        const size = `${picture.width} × ${picture.height}`;
        throw new InvalidArgumentError(`A picture of ${width} × ${height} is wanted, this one has ${size}.`, operation.name);
      }
      const dtype = carrierOf("uint8");
      return [tf.tensor3d(dtype === "int32" ? Int32Array.from(picture.bytes) : Float32Array.from(picture.bytes), [height, width, 3], dtype as "int32")];
    },
  });
  return onlyOutput(operation).tensor as tf.Tensor3D;
}
