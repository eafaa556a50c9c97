// What the bundle writer writes, byte for byte.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { openBundle } from "#formats/bundle/openBundle";
import { sliceRuns, wholeExtents } from "#formats/bundle/tensorSlices";
import { bytesPerElement } from "#formats/tensor/dtypes";
import type { Dtype } from "#model/checkpoint";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("one float32 scalar gives TensorFlow's index of 117 bytes", () => {
  const writer = new BundleWriter();
  const data = writer.add({ name: "v", dtype: "float32", shape: [] }, new Uint8Array(Float32Array.of(1).buffer));
  expect(hex(data)).toBe("0000803f");
  expect(hex(writer.finish())).toBe(
    "00000608011a02080100010b760801120028043581a5da2b00000000010000000095ced3f3000000000100000000c0f2a1b0000102770020000000000100000000" +
      "3e1ea4622508320e00000000000000000000000000000000000000000000000000000000000000000000000057fb808b247547db",
  );
});

test("tensors in parts give the index that TensorFlow wrote for them", async () => {
  const packed = readFileSync(new URL("../../../fixtures/formats/bundle.json.gz", import.meta.url));
  const files = JSON.parse(String(gunzipSync(packed))) as Record<string, string>;
  const [index, data] = ["part.index", "part.data-00000-of-00001"].map((name) => new Uint8Array(Buffer.from(files[`partitioned/${name}`] ?? "", "base64")));
  if (!index || !data) throw new Error("the fixture has the partitioned checkpoint");
  const bundle = await openBundle(bytesAsSource(index, "part.index"), async () => bytesAsSource(data, "part.data"));
  const writer = new BundleWriter();
  // In the order of the file: whole tensors and parts by the names of their tensors.
  for (const entry of bundle.entries.values()) {
    const kind = { name: entry.name, dtype: entry.dtype as Dtype, shape: entry.shape };
    const whole = await bundle.read(entry.name);
    const size = bytesPerElement(entry.dtype) ?? 1;
    for (const slice of entry.slices ?? []) {
      const lengths = wholeExtents(entry.shape, slice);
      const bytes = new Uint8Array(lengths.reduce((product, [, length]) => product * length, size));
      for (const { into, from, count } of sliceRuns(entry.shape, lengths)) bytes.set(whole.subarray(into * size, (into + count) * size), from * size);
      writer.addSlice(kind, slice, bytes);
    }
    if (!entry.slices) writer.add(kind, whole);
  }
  expect(hex(writer.finish())).toBe(hex(index));
});
