// Operations that turn pictures into image files.
import * as tf from "@tensorflow/tfjs-core";
import type { AttrValue } from "#formats/graphDef/graphDef";
import { boolAttr, intAttr, stringAttr, typeAttr } from "../graph/attrs";
import { InvalidArgumentError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import type { NodeReaders } from "../graph/fileNode";
import type { OperationBehaviour, Value } from "../graph/operation";
import { onValues } from "../graph/variableValues";
import { encodePng as encode, type Pixels } from "../summaries/encodePng";
import { encodeJpegFile } from "./jpegFiles";

/** The PNG file of one image [height, width, 1, 3 or 4], or of each of a batch; values are bytes (0 … 255). */
export function encodePng<T extends tf.Tensor3D | tf.Tensor4D>(
  images: T,
  { name }: { readonly name?: string } = {},
): T extends tf.Tensor4D ? tf.Tensor1D : tf.Scalar {
  const attrs = [["T", typeAttr("uint8")], ["compression", intAttr(-1)]] as const;
  return addEncoder(images, { type: "EncodePng", name, attrs, encode }) as T extends tf.Tensor4D ? tf.Tensor1D : tf.Scalar;
}

/** The JPEG file of one image [height, width, 1 or 3] of bytes; quality is 95 of 100 unless given. */
export function encodeJpeg(image: tf.Tensor3D, { quality = 95, name }: { readonly quality?: number; readonly name?: string } = {}): tf.Scalar {
  const attrs = [
    ["format", stringAttr("")], ["quality", intAttr(quality)], ["progressive", boolAttr(false)], ["optimize_size", boolAttr(false)],
    ["chroma_downsampling", boolAttr(true)], ["density_unit", stringAttr("in")], ["x_density", intAttr(300)], ["y_density", intAttr(300)],
    ["xmp_metadata", stringAttr("")],
  ] as const;
  const encoder = (pixels: Pixels) => Promise.resolve(encodeJpegFile(pixels, quality));
  return addEncoder(image, { type: "EncodeJpeg", name, attrs, encode: encoder }) as tf.Scalar;
}

interface Encoder {
  readonly type: string;
  readonly name: string | undefined;
  readonly attrs: readonly (readonly [string, AttrValue])[];
  readonly encode: (pixels: Pixels) => Promise<Uint8Array>;
}

/** Encoders in a file. */
export const encoderReaders: NodeReaders = {
  EncodePng: (node) => encoding(node.type, node.input(0).shape, encode),
  EncodeJpeg: (node) => encoding(node.type, node.input(0).shape, (pixels) => Promise.resolve(encodeJpegFile(pixels, node.int("quality", 95)))),
};

function addEncoder(images: tf.Tensor, { type, name, attrs, encode: encoder }: Encoder): tf.Tensor {
  const operation = getDefaultGraph().createOperation({
    type,
    name: name ?? type,
    inputs: [images],
    attrs: new Map(attrs),
    ...encoding(type, images.shape, encoder),
  });
  return operation.outputs[0]?.tensor as tf.Tensor;
}

function encoding(type: string, shape: readonly number[], encoder: Encoder["encode"]): OperationBehaviour {
  const [height = 0, width = 0, channels = 0] = shape.slice(-3);
  const batch = shape.slice(0, -3);
  return {
    outputs: [{ dtype: "string", shape: batch }],
    execute: onValues(async ([value]) => {
      const bytes = await bytesOf(value, type);
      const size = height * width * channels;
      const files = Array.from({ length: batch[0] ?? 1 }, (_, index) =>
        encoder({ width, height, channels, bytes: bytes.subarray(index * size, (index + 1) * size) }),
      );
      const encoded = await Promise.all(files);
      return [batch.length > 0 ? encoded : (encoded[0] ?? new Uint8Array())];
    }),
  };
}

async function bytesOf(value: Value | undefined, type: string): Promise<Uint8Array> {
  if (!(value instanceof tf.Tensor)) throw new InvalidArgumentError(`${type} was not given numbers.`);
  return Uint8Array.from(await value.data());
}
