import { expect, test } from "vitest";
import { pack, unpack } from "#protocol/packed";

const answers = [
  { answer: { tag: "loss “ü”", x: Float64Array.of(1, NaN, -Infinity), breaks: Uint32Array.of(7), n: Uint16Array.of(3, 65_535, 1), none: new Float64Array(0), last: { value: Infinity, step: 3 }, extent: [0, 1], thinned: false } },
  { refused: "This run has no scalar “gain”." },
  { answer: { x: Float64Array.of(Number.MAX_VALUE), list: [NaN, 1] } },
];

test("what is unpacked equals what was packed, texts, numbers and columns of each kind", () => {
  expect(unpack(pack(answers))).toEqual(answers);
});

test("a column that is a part of a larger one brings its own numbers and no others", () => {
  const column = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
  const { bytes } = pack({ column });
  expect(unpack({ bytes })).toEqual({ column: Float64Array.of(2, 3) });
  expect(bytes.byteLength).toBeLessThan(100);
});

test("what is undefined is left out", () => {
  expect(Object.keys(unpack<object>(pack({ answer: undefined, there: 1 })))).toEqual(["there"]);
});

test("bytes that lie anywhere in a buffer are unpacked as well", () => {
  const { bytes } = pack(answers);
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  expect(unpack({ bytes: moved.subarray(3) })).toEqual(answers);
});
