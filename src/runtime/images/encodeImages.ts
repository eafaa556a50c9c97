// An operation that turns a batch of pictures into PNG files.
import * as tf from "@tensorflow/tfjs-core";
import { intAttr, typeAttr } from "../graph/attrs";
import { InvalidArgumentError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import { encodePng as encode } from "../summaries/encodePng";

/** The PNG file of each image of a batch [images, height, width, 1, 3 or 4], whose values are bytes (0 … 255). */
export function encodePng(images: tf.Tensor4D, { name = "EncodePng" }: { readonly name?: string } = {}): tf.Tensor1D {
  const [count, height, width, channels] = images.shape;
  const operation = getDefaultGraph().createOperation({
    type: "EncodePng",
    name,
    inputs: [images],
    attrs: new Map([["T", typeAttr("uint8")], ["compression", intAttr(-1)]]),
    outputs: [{ dtype: "string", shape: [count] }],
    run: async ([value]) => {
      if (!(value instanceof tf.Tensor)) throw new InvalidArgumentError(`${name} was not given numbers.`);
      const bytes = Uint8Array.from(await value.data());
      const size = height * width * channels;
      const files = Array.from({ length: count }, (_, index) =>
        encode({ width, height, channels, bytes: bytes.subarray(index * size, (index + 1) * size) }),
      );
      return [await Promise.all(files)];
    },
  });
  return operation.outputs[0]?.tensor as tf.Tensor1D;
}
