// An operation that reads a PNG file out of a string.
import * as tf from "@tensorflow/tfjs-core";
import { intAttr, typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import { carrierOf } from "../graph/dtypes";
import { InvalidArgumentError } from "../graph/errors";
import type { NodeReaders } from "../graph/fileNode";
import { getDefaultGraph } from "../graph/graph";
import type { OperationBehaviour } from "../graph/operation";
import { onValues } from "../graph/variableValues";
import { decodePng } from "./decodePng";

/**
 * `tf.image.decode_png(contents, channels=3)`: RGB bytes [height, width, 3] of the PNG file in a scalar string. Grey becomes
 * three equal channels, transparency is dropped. Shapes are static here, so the size must be said; a file of another size is an error.
 */
export function decodePngTensor(
  contents: tf.Tensor,
  { height, width, name = "DecodePng" }: { readonly height: number; readonly width: number; readonly name?: string },
): tf.Tensor3D {
  const operation = getDefaultGraph().createOperation({
    type: "DecodePng",
    name,
    inputs: [contents],
    attrs: new Map([["channels", intAttr(3)], ["dtype", typeAttr("uint8")]]),
    ...decoding([height, width, 3]),
  });
  return onlyOutput(operation).tensor as tf.Tensor3D;
}

/** DecodePng in a file that tells the picture's size. */
export const decoderReaders: NodeReaders = {
  DecodePng: (node) => (node.int("channels") === 3 ? decoding(node.outputShape(0)) : node.refuse("wants other channels than three")),
};

function decoding(shape: readonly number[]): OperationBehaviour {
  const [height = 0, width = 0] = shape;
  return {
    outputs: [{ dtype: "uint8", shape: [height, width, 3] }],
    execute: onValues(([value]) => {
      if (!(value instanceof Uint8Array)) throw new InvalidArgumentError("DecodePng takes one string.");
      const picture = decodePng(value);
      if (picture.height !== height || picture.width !== width) {
        const size = `${picture.width} × ${picture.height}`;
        throw new InvalidArgumentError(`A picture of ${width} × ${height} is wanted, this one has ${size}.`);
      }
      return [tf.tensor3d(Int32Array.from(picture.bytes), [height, width, 3], carrierOf("uint8") as "int32")];
    }),
  };
}
