// PNG files into numbers and out of a graph.
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import type * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-cpu";
import { FormatError } from "#base/errors";
import {
  beginTracing,
  decodePng,
  encodePng,
  endTracing,
  placeholder,
  resetDefaultGraph,
  Session,
} from "#runtime/index";

test("colours are decoded and transparency is dropped", () => {
  const picture = new PNG({ width: 2, height: 1 });
  picture.data.set([1, 2, 3, 0, 250, 251, 252, 255]);
  const { width, height, channels, bytes } = decodePng(PNG.sync.write(picture));
  expect({ width, height, channels, bytes: [...bytes] }).toEqual({
    width: 2,
    height: 1,
    channels: 3,
    bytes: [1, 2, 3, 250, 251, 252],
  });
});

test("grey pictures become three equal channels", () => {
  const picture = new PNG({ width: 1, height: 1 });
  picture.data.set([100, 100, 100, 255]);
  const file = PNG.sync.write(picture, { colorType: 0 });
  expect([...decodePng(file).bytes]).toEqual([100, 100, 100]);
});

test("bytes that are no PNG are a format error", () => {
  expect(() => decodePng(Uint8Array.of(1, 2, 3))).toThrow(FormatError);
});

test("a graph encodes each picture of a batch", async () => {
  beginTracing();
  resetDefaultGraph();
  const images = placeholder<tf.Rank.R4>("uint8", { shape: [2, 1, 2, 3], name: "images" });
  const files = encodePng(images);
  const session = new Session();
  const bytes = Array.from({ length: 12 }, (_, i) => i * 20);
  const encoded = (await session.run(files, { feeds: [[images, Int32Array.from(bytes)]] })) as unknown as Uint8Array[];
  expect(encoded.map((file) => [...decodePng(file).bytes])).toEqual([bytes.slice(0, 6), bytes.slice(6)]);
  session.close();
  endTracing();
});
