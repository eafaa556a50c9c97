// Image summaries: pixels as TensorFlow's ImageSummary kernel makes them, in PNG files that others can open.
import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { decodeSummary } from "#formats/events/decodeSummary";
import { encodePng } from "#runtime/summaries/encodePng";
import { pixelsOfFloats, pixelsOfIntegers } from "#runtime/summaries/imagePixels";
import { mediaTags } from "#runtime/summaries/summaryNames";

interface Recorded { shape: [number, number, number, number]; maxOutputs: number; values: (number | string)[]; summary: string }
const { image } = JSON.parse(
  readFileSync(new URL("../../../fixtures/summaries/kernels.json", import.meta.url), "utf8"),
) as { image: Recorded[] };

/** All pixels as red, green, blue, alpha, whatever the file has. */
const rgba = (png: Uint8Array): number[] => [...PNG.sync.read(Buffer.from(png)).data];

describe("images are TensorFlow's, pixel by pixel", () => {
  test.each(image.map((each) => [each.shape.join("×"), each.maxOutputs, each] as const))("%s, at most %i", async (_, __, each) => {
    const [images, height, width, channels] = each.shape;
    const values = Float32Array.from(each.values, Number);
    const wanted = decodeSummary(new Uint8Array(Buffer.from(each.summary, "base64")));
    const tags = mediaTags("img/image", { maxOutputs: each.maxOutputs, count: images ?? 0 });
    expect(tags).toEqual(wanted.map(({ tag }) => tag));
    for (const [index, { value }] of wanted.entries()) {
      if (value.kind !== "image") throw new Error(`the recording holds a ${value.kind}`);
      const size = height * width * channels;
      const bytes = pixelsOfFloats(values.subarray(index * size, (index + 1) * size), channels);
      expect(rgba(await encodePng({ width, height, channels, bytes }))).toEqual(rgba(value.encoded));
    }
  });
});

test("whole numbers are taken as they are", () => {
  expect([...pixelsOfIntegers([0, 7, 255, 256, -1])]).toEqual([0, 7, 255, 255, 0]);
});

test.each([[1], [3], [4]])("a PNG of %i channels comes back equal", async (channels) => {
  const [width, height] = [5, 4];
  const bytes = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256);
  const back = rgba(await encodePng({ width, height, channels, bytes }));
  const pixel = (i: number) => [...bytes.subarray(i * channels, (i + 1) * channels)];
  const wanted = Array.from({ length: width * height }, (_, i) => {
    const [r = 0, g = r, b = r, a = 255] = pixel(i);
    return [r, g, b, a];
  });
  expect(back).toEqual(wanted.flat());
});

test("two channels are refused", async () => {
  await expect(encodePng({ width: 1, height: 1, channels: 2, bytes: new Uint8Array(2) })).rejects.toThrow("not 2");
});
