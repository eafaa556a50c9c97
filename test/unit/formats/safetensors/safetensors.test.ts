import { expect, test } from "vitest";
import { layOut } from "#formats/safetensors/safetensors";

const headerOf = (head: Uint8Array): unknown => JSON.parse(Buffer.from(head.subarray(8)).toString());

test("tensors lie one behind the other without a gap, wide types first, behind an aligned head", () => {
  const { head, tensors } = layOut([
    { name: "flag", dtype: "bool", shape: [3], bytes: 3 }, { name: "kernel", dtype: "float32", shape: [2, 2], bytes: 16 }, { name: "step", dtype: "int64", shape: [], bytes: 8 },
  ], { format: "tf" });
  expect(Number(new DataView(head.buffer).getBigUint64(0, true))).toBe(head.length - 8);
  expect(head.length % 8).toBe(0);
  expect(headerOf(head)).toEqual({
    __metadata__: { format: "tf" },
    step: { dtype: "I64", shape: [], data_offsets: [0, 8] }, kernel: { dtype: "F32", shape: [2, 2], data_offsets: [8, 24] }, flag: { dtype: "BOOL", shape: [3], data_offsets: [24, 27] },
  });
  expect(tensors.map(({ name }) => name)).toEqual(["step", "kernel", "flag"]);
});

test("complex numbers become pairs in a last axis, and the file says so", () => {
  const { head, pairs } = layOut([{ name: "spectrum", dtype: "complex64", shape: [5], bytes: 40 }], {});
  expect(pairs).toEqual(["spectrum"]);
  expect(headerOf(head)).toEqual({
    __metadata__: { complex: "the last axis holds real and imaginary part: spectrum" }, spectrum: { dtype: "F32", shape: [5, 2], data_offsets: [0, 40] },
  });
});

test("what the format cannot hold is left out with a reason", () => {
  const one = (name: string, dtype: string) => ({ name, dtype, shape: [], bytes: 1 });
  const { leftOut, tensors } = layOut([one("words", "string"), one("__metadata__", "uint8"), one("tiny", "int4"), one("half", "bfloat16")], {});
  expect(tensors.map(({ name }) => name)).toEqual(["half"]);
  expect(leftOut).toEqual([
    { name: "words", why: "the format holds no strings" }, { name: "__metadata__", why: "the format keeps this name for itself" }, { name: "tiny", why: "the format has no type for int4" },
  ]);
});

test("a tensor may have any name", () => {
  const { head } = layOut([{ name: "__proto__", dtype: "uint8", shape: [1], bytes: 1 }, { name: "a \"b\" ∆", dtype: "uint8", shape: [1], bytes: 1 }], {});
  expect(Object.keys(headerOf(head) as object)).toEqual(["__metadata__", "__proto__", "a \"b\" ∆"]);
});
