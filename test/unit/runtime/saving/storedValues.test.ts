// Values between sessions and checkpoints.
import { expect, test } from "vitest";
import type { Dtype } from "#model/checkpoint";
import { heldValues, storedBytes, type HeldValues } from "#runtime/saving/storedValues";

test.each<[Dtype, HeldValues, string]>([
  ["float32", Float32Array.of(1, -2), "0000803f000000c0"],
  ["float64", Float32Array.of(1), "000000000000f03f"],
  ["float16", Float32Array.of(1, -2), "003c00c0"],
  ["bfloat16", Float32Array.of(1, -2), "803f00c0"],
  ["int32", Int32Array.of(-1), "ffffffff"],
  ["int64", Int32Array.of(-2), "feffffffffffffff"],
  ["int8", Int32Array.of(-3), "fd"],
  ["uint16", Int32Array.of(513), "0102"],
  ["bool", Uint8Array.of(1, 0), "0100"],
])("%s is stored little-endian and comes back", (dtype, held, hex) => {
  const stored = storedBytes(dtype, held);
  expect(Buffer.from(stored).toString("hex")).toBe(hex);
  expect(heldValues("v", dtype, stored)).toEqual(held);
});

test("a float64 of a checkpoint becomes the nearest float32", () => {
  expect(heldValues("v", "float64", new Uint8Array(Float64Array.of(0.1, 1e300).buffer))).toEqual(Float32Array.of(Math.fround(0.1), Infinity));
});

test("an int64 that 32 bits cannot carry is refused by the variable's name", () => {
  const stored = new Uint8Array(BigInt64Array.of(2n ** 31n).buffer);
  expect(() => heldValues("global_step", "int64", stored)).toThrow(/global_step holds 2147483648/);
});

test("types that tfjs cannot hold exactly are not saved in silence", () => {
  expect(() => storedBytes("complex64", Float32Array.of(1, 2))).toThrow("complex64 cannot be saved");
});
