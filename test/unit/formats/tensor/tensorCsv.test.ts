import { expect, test } from "vitest";
import { csvValueOf, CsvLines } from "#formats/tensor/tensorCsv";

function csv(shape: readonly number[]): string {
  const lines = new CsvLines(shape);
  const count = shape.reduce((product, size) => product * size, 1);
  return lines.heading() + Array.from({ length: count }, (_, at) => lines.add(String(at))).join("");
}

test.each([
  [[], "0\n"], [[3], "0\n1\n2\n"], [[2, 3], "0,1,2\n3,4,5\n"], [[0, 3], ""],
  [[2, 2, 2], "axis 0,axis 1,0,1\n0,0,0,1\n0,1,2,3\n1,0,4,5\n1,1,6,7\n"],
])("the shape %j becomes these lines", (shape, text) => expect(csv(shape)).toBe(text));

test("32-bit numbers have no more digits than bring them back", () => {
  const { print } = csvValueOf("float32");
  const values = Float32Array.of(0.1, 1 / 3, 16777217, 1e-45, -0, NaN, Infinity, -Infinity, 3.4028235e38);
  expect(Array.from(values, (_, at) => print(values, at))).toEqual(["0.1", "0.33333334", "16777216", "1.4013e-45", "-0", "nan", "inf", "-inf", "3.4028234663852886e+38"]);
  for (const [at, value] of values.entries()) if (!Number.isNaN(value)) expect(Math.fround(Number(print(values, at).replace("inf", "Infinity")))).toBe(value);
});

test("64-bit integers, complex numbers and strings are printed in full", () => {
  const integers = BigInt64Array.of(9007199254740993n);
  expect(csvValueOf("int64").print(integers, 0)).toBe("9007199254740993");
  const pairs = Float64Array.of(1, -2.5, NaN, Infinity);
  expect([0, 1].map((at) => csvValueOf("complex128").print(pairs, at))).toEqual(["1-2.5j", "nan+infj"]);
  const strings = ["plain", "with, comma", "a \"quote\""].map((text) => new Uint8Array(Buffer.from(text))).concat(Uint8Array.of(0xff, 0));
  expect(strings.map((_, at) => csvValueOf("string").print(strings, at))).toEqual(["plain", "\"with, comma\"", "\"a \"\"quote\"\"\"", "0xff00"]);
});
