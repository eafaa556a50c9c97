import { describe, expect, test } from "vitest";
import { byStep } from "#cli/commands/follow";
import { byteString, duration, jsonWithList, outInPieces, printJson, size, table, visible } from "#cli/output";
import { statsOf, valuesOf } from "#cli/tensors";

describe("JSON", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [[NaN, Infinity, -Infinity, -0, 1.5], '["NaN","Infinity","-Infinity",0,1.5]'],
    [{ a: Float32Array.of(0.5, NaN) }, '{"a":[0.5,"NaN"]}'],
    [BigInt64Array.of(5n, 2n ** 60n, -(2n ** 53n)), '[5,"1152921504606846976","-9007199254740992"]'],
    [{ gone: undefined, bytes: Uint8Array.of(104, 105) }, '{"bytes":"hi"}'],
    [Uint8Array.of(255, 1), '{"base64":"/wE="}'],
    [new Map([["Conv2D", 3]]), '{"Conv2D":3}'],
  ];
  test.each(cases)("of %o is %s", (value, text) => expect(printJson(value)).toBe(text));
  test("in parts is the same document", () => {
    const inner = (tag: string, points: readonly number[]): Iterable<string> => jsonWithList({ tag }, ["points", points.map(printJson)]);
    const parts = [...jsonWithList({ run: "a", nothing: NaN }, ["tags", [inner('"', [1, Infinity]), inner("b", []), printJson({ tag: "c" })]])];
    expect(parts.join("")).toBe(printJson({ run: "a", nothing: NaN, tags: [{ tag: '"', points: [1, Infinity] }, { tag: "b", points: [] }, { tag: "c" }] }));
  });
  test("keeps a byte-order mark in a byte string", () => expect(byteString(Uint8Array.of(0xef, 0xbb, 0xbf, 65))).toBe("\ufeffA"));
});

test("however many parts there are, they are printed in pieces of bounded length, none of them lost", () => {
  const pieces: string[] = [];
  const part = "x".repeat(1000);
  outInPieces({ out: (text) => void pieces.push(text), err: () => undefined, colour: false }, Array.from({ length: 1001 }, () => part));
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
  expect(pieces.join("")).toBe(part.repeat(1001));
});

describe("for a person", () => {
  test("a table has its numbers on the right", () => {
    expect(table(["RUN", "STEP"], [["a", "5"], ["long name", "1,200"]])).toBe("RUN         STEP\na              5\nlong name  1,200\n");
  });
  test("control characters out of a file cannot steer the terminal", () => expect(visible("a\u001b[2Jb\n")).toBe("a\\x1b[2Jb\\x0a"));
  test.each([[0, "0 B"], [999, "999 B"], [1000, "1.00 kB"], [999_600, "1.00 MB"], [123_456_789, "123 MB"]])("%d bytes are %s", (bytes, text) =>
    expect(size(bytes)).toBe(text));
  test.each([[5, "5 s"], [60, "1 min"], [3725, "1 h 2 min"], [90_000, "1 d 1 h"]])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));
});

test("columns of several tags become one line per step", () => {
  const times = Float64Array.of(1, 1);
  expect(
    byStep([
      { tag: "a", steps: Float64Array.of(2, 1), values: Float64Array.of(20, 10), wallTimeSeconds: times },
      { tag: "b", steps: Float64Array.of(2, 3), values: Float64Array.of(NaN, 3), wallTimeSeconds: times },
    ]),
  ).toEqual([[1, { a: 10 }], [2, { a: 20, b: NaN }], [3, { b: 3 }]]);
});

describe("values of a tensor are one JSON item each", () => {
  const cases: readonly (readonly [string, ArrayLike<unknown>, string])[] = [
    ["bool", Uint8Array.of(1, 0), "[true,false]"],
    ["uint8", Uint8Array.of(104, 105), "[104,105]"],
    ["complex64", Float32Array.of(1, 2, 3, NaN), '[[1,2],[3,"NaN"]]'],
    ["int64", BigInt64Array.of(2n ** 53n + 2n), '["9007199254740994"]'],
    ["string", [Uint8Array.of(104), Uint8Array.of(200)], '["h",{"base64":"yA=="}]'],
    ["float32", Float32Array.of(0.5, -Infinity), '[0.5,"-Infinity"]'],
  ];
  test.each(cases)("%s", (dtype, stored, text) => expect(printJson(valuesOf(dtype, stored))).toBe(text));
});

describe("figures over a tensor", () => {
  test("are over finite values", () => {
    expect(statsOf(Float32Array.of(0, 2, NaN, -Infinity, 4))).toEqual({ min: 0, max: 4, mean: 2, std: Math.sqrt(8 / 3), nonFinite: 2, zeros: 1 });
  });
  test("of 64-bit integers are exact where doubles would cancel", () => {
    expect(statsOf(BigInt64Array.of(1n, 3n))).toEqual({ min: 1n, max: 3n, mean: 2, std: 1, nonFinite: 0, zeros: 0 });
    const [least, greatest] = [-(2n ** 63n), 2n ** 63n - 1n];
    expect(statsOf(BigInt64Array.of(least, greatest, 0n, 10n))).toMatchObject({ min: least, max: greatest, mean: 2.25, zeros: 1 });
    expect(statsOf(new BigUint64Array())).toMatchObject({ min: NaN, zeros: 0 });
  });
  test("of nothing are NaN", () => expect(statsOf([])).toEqual({ min: NaN, max: NaN, mean: NaN, std: NaN, nonFinite: 0, zeros: 0 }));
});
