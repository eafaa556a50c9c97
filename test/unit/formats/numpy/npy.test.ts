import { expect, test } from "vitest";
import { npyHead, npyStrings, npyTypeOf } from "#formats/numpy/npy";

const header = (file: Uint8Array): string => Buffer.from(file.subarray(10)).toString("latin1");

test("a head is NumPy's: magic, version, length, text, filled up to where values are aligned", () => {
  const head = npyHead("<f4", [2, 3]);
  expect(Buffer.from(head.subarray(0, 8)).toString("hex")).toBe("934e554d50590100");
  expect(new DataView(head.buffer).getUint16(8, true)).toBe(head.length - 10);
  expect(header(head).trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
  expect(header(head).endsWith(" \n")).toBe(true);
  expect(head.length % 64).toBe(0);
});

test.each([[[], "()"], [[5], "(5,)"], [[0, 2], "(0, 2)"]] as const)("the shape %j is written %s", (shape, text) => {
  expect(header(npyHead("<i8", shape))).toContain(`'shape': ${text}, }`);
});

test("bfloat16 is widened to float32, and types that have no plain form have no description", () => {
  expect(npyTypeOf("bfloat16")).toEqual({ descr: "<f4", bytes: 4, widened: true });
  expect(npyTypeOf("float8_e5m2")).toBeUndefined();
});

test("strings stand in fields as wide as the longest, unless NumPy would cut one off", () => {
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
  expect(npyStrings([bytes("a"), bytes("abc"), bytes("")])).toEqual({ descr: "|S3", width: 3 });
  expect(npyStrings([])).toEqual({ descr: "|S1", width: 1 });
  expect(npyStrings([bytes("a\0")])).toBeUndefined();
});
