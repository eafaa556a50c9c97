// What the bundle writer writes, byte for byte.
import { expect, test } from "vitest";
import { BundleWriter } from "#formats/bundle/bundleWriter";

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
