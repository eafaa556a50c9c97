import { expect, test } from "vitest";
import { encodeNpy } from "#cli/npy";

const header = (file: Uint8Array): string => Buffer.from(file.subarray(10, 10 + new DataView(file.buffer).getUint16(8, true))).toString("latin1");

test("a matrix has NumPy's header, its values aligned and unchanged", () => {
  const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  const file = encodeNpy({ dtype: "float32", shape: [2, 3], bytes });
  expect(Buffer.from(file.subarray(0, 8)).toString("hex")).toBe("934e554d50590100");
  expect(header(file).trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
  expect(header(file).endsWith("\n")).toBe(true);
  expect((file.length - bytes.length) % 64).toBe(0);
  expect(file.subarray(-bytes.length)).toEqual(bytes);
});
test.each([[[], "()"], [[5], "(5,)"], [[0, 2], "(0, 2)"]] as const)("the shape %j is written %s", (shape, text) => {
  expect(header(encodeNpy({ dtype: "int64", shape, bytes: new Uint8Array(0) }))).toContain(`'shape': ${text}, }`);
});
test("a type that NumPy has not is refused", () => {
  expect(() => encodeNpy({ dtype: "bfloat16", shape: [], bytes: new Uint8Array(2) })).toThrow("NumPy has no type for bfloat16.");
});
