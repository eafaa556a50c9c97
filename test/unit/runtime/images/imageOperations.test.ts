// Operations on pictures and on strings of them, as TensorFlow's of the same names.
import * as tf from "@tensorflow/tfjs";
import { PNG } from "pngjs";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { InvalidArgumentError } from "#runtime/graph/errors";
import {
  buildGraph, constant, convertImageToBytes, decodeBase64, decodePngTensor, encodeBase64, endAllTracing, placeholder, reshapeStrings, resetDefaultGraph,
  resizeBicubic, Session,
} from "#runtime/index";

beforeAll(() => tf.setBackend("cpu"));
beforeEach(() => resetDefaultGraph());
afterEach(() => endAllTracing());

async function valueOf(build: () => tf.Tensor): Promise<unknown> {
  const fetched = buildGraph(build);
  const session = new Session();
  try {
    return await session.run(fetched);
  } finally {
    session.close();
  }
}

const text = (value: unknown) => Buffer.from(value as Uint8Array).toString();

describe("resizeBicubic", () => {
  const picture = Float32Array.from({ length: 12 }, (_, i) => (i ** 2 % 17) / 16);

  // What TensorFlow's tf.compat.v1.image.resize_bicubic makes of it.
  test.each([
    [[3, 6], [0, 0.0220128, 0.11107, 0.25, 0.474632, 0.597222, 1, 0.698898, 0.281448, 0.125, 0.661197, 1.02778, 0.8125, 0.798611, 0.896881, 0.9375, 0.387435, 0.0347223]],
    [[2, 3], [0, 0.11107, 0.474632, 1, 0.605137, 0.541806]],
    [[5, 4], [0, 0.0625, 0.25, 0.5625, 0.63181, 0.296321, 0.0858328, 0.879559, 1.06301, 0.597081, 0.256151, 0.83036, 0.869577, 0.767958, 0.791338, 0.277173, 0.792257, 0.846239, 1.02522, 0.0372786]],
  ] as const)("to %j gives TensorFlow's numbers", async ([height, width], wanted) => {
    const values = await valueOf(() => resizeBicubic(constant(picture, { shape: [1, 3, 4, 1] }), [height, width]));
    const got = Array.from(values as Float32Array);
    expect(got).toHaveLength(wanted.length);
    got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 5));
  });
});

test("shares of brightness become bytes by 255.5, cut off where that is asked for", async () => {
  const shares = () => constant([0, 0.5, 0.999, 1, 1.5, -1]);
  expect(Array.from((await valueOf(() => convertImageToBytes(shares(), { saturate: true }))) as Float32Array)).toEqual([0, 127, 255, 255, 255, 0]);
});

test("base64 is web-safe, without padding when written, with or without when read", async () => {
  expect(text(await valueOf(() => encodeBase64(constant(Uint8Array.of(251, 255, 0) as unknown as string, { dtype: "string", shape: [] }))))).toBe("-_8A");
  expect((await valueOf(() => decodeBase64(constant(["YQ==", "YQ"])))) as Uint8Array[]).toEqual([Uint8Array.of(97), Uint8Array.of(97)]);
  await expect(valueOf(() => decodeBase64(constant("a+b/")))).rejects.toThrow("no web-safe base64");
});

test("strings take another shape only where it has as many places", () => {
  expect(() => buildGraph(() => reshapeStrings(placeholder("string", { shape: [2] }), []))).toThrow("2 strings do not fill the shape ()");
});

test("a picture in a string must have the size that the graph was built for", async () => {
  const file = PNG.sync.write(new PNG({ width: 3, height: 2, fill: true }));
  const decode = (width: number) => () => decodePngTensor(constant(Uint8Array.from(file) as unknown as string, { dtype: "string", shape: [] }), { height: 2, width });
  expect(((await valueOf(decode(3))) as Float32Array).length).toBe(18);
  await expect(valueOf(decode(4))).rejects.toThrow(InvalidArgumentError);
  await expect(valueOf(decode(4))).rejects.toThrow("A picture of 4 × 2 is wanted, this one has 3 × 2.");
});
