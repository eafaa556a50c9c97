// Tensors in messages and in checkpoints: every way to hold values.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeMessage } from "#formats/bytes/wireWriter";
import { encodeNumber, encodeSigned, encodeSliceKey, encodeText } from "#formats/bundle/orderedCode";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { decodeStrings, encodeStrings, stringsCrc } from "#formats/bundle/stringTensor";
import { keyForms, sliceRuns, sliceSpec, wholeExtents } from "#formats/bundle/tensorSlices";
import { bytesPerElement, dtypeCode, dtypeName, dtypeProtoNames } from "#formats/tensor/dtypes";
import { decodeTensorProto, encodeTensorProto, type TensorProto } from "#formats/tensor/tensorProto";
import { scalarOfTensor, tensorValues } from "#formats/tensor/tensorValues";
import { hex, unhex } from "../golden";

describe("types", () => {
  test("names and numbers belong together, also those of TF1's variables", () => {
    for (const code of [...Array.from({ length: 33 }, (_, at) => at + 1), 101, 109, 77]) expect(dtypeCode(dtypeName(code))).toBe(code);
    expect([dtypeName(19), dtypeName(101), dtypeName(77)]).toEqual(["float16", "float32_ref", "dtype 77"]);
    expect(() => dtypeCode("float31")).toThrow("float31");
    expect([bytesPerElement("complex128"), bytesPerElement("string")]).toEqual([16, undefined]);
    expect([dtypeProtoNames.get(19), dtypeProtoNames.get(103)]).toEqual(["DT_HALF", "DT_INT32_REF"]);
  });
});

describe("TensorProto", () => {
  const tensors: readonly TensorProto[] = [
    { dtype: 1, shape: [2], values: [1.5, -2] }, { dtype: 2, shape: [], values: [0.1] }, { dtype: 3, shape: [3], values: [1, -1, 0] },
    { dtype: 7, shape: [2], values: [encodeUtf8("a"), new Uint8Array()] }, { dtype: 9, shape: [1], values: [-(2n ** 60n)] },
    { dtype: 10, shape: [2], values: [1, 0] }, { dtype: 19, shape: [1], values: [0x3c00] }, { dtype: 8, shape: [1], values: [1, 2] },
    { dtype: 1, shape: [0, 3], content: Uint8Array.of(1, 2, 3, 4) }, { dtype: 1, shape: [] }, { dtype: 23, shape: [1], values: [5n] },
  ];
  test.each(tensors.map((tensor) => [dtypeName(tensor.dtype), tensor] as const))("of %s comes back", (_, tensor) => {
    expect(decodeTensorProto(encodeTensorProto(tensor))).toEqual(tensor);
  });
  test("the shape is always written, as TensorFlow writes it", () => {
    expect(hex(encodeTensorProto({ dtype: 1, shape: [], content: unhex("a4707d3f") }))).toBe("080112002204a4707d3f");
  });
  test("a list of another type than the tensor's is not read", () => {
    expect(decodeTensorProto(encodeMessage((writer) => {
      writer.int(1, 1);
      writer.int(7, 5);
    }))).toEqual({ dtype: 1, shape: [] });
  });
  test("fields that we do not know stay", () => {
    const bytes = encodeMessage((writer) => {
      writer.int(1, 20);
      writer.message(2, () => undefined);
      writer.string(14, "handle");
    });
    expect(hex(encodeTensorProto(decodeTensorProto(bytes)))).toBe(hex(bytes));
  });
});

describe("values", () => {
  test("a short list repeats its last value, a missing one is zeros, surplus is ignored", () => {
    expect(tensorValues({ dtype: 1, shape: [4], values: [1, 2] })).toEqual([1, 2, 2, 2]);
    expect(tensorValues({ dtype: 9, shape: [2] })).toEqual([0n, 0n]);
    expect(tensorValues({ dtype: 7, shape: [1] })).toEqual([new Uint8Array()]);
    expect(tensorValues({ dtype: 3, shape: [1], values: [4, 5, 6] })).toEqual([4]);
    expect(tensorValues({ dtype: 8, shape: [2], values: [1, 2] })).toEqual([1, 2, 2, 2]);
  });
  test("16-bit floats are widened", () => {
    expect(tensorValues({ dtype: 19, shape: [2], values: [0x3c00] })).toEqual([1, 1]);
    expect(tensorValues({ dtype: 14, shape: [1], values: [0x3f80] })).toEqual([1]);
    expect([...decodeTensor("float16", unhex("003c00c0"))]).toEqual([1, -2]);
    expect([...decodeTensor("bfloat16", unhex("803f"))]).toEqual([1]);
  });
  test("the one number of a real tensor of rank 0 or shape [1] is its scalar; other tensors have none", () => {
    const scalar = (dtype: number, shape: readonly number[], values: TensorProto["values"]) => scalarOfTensor({ dtype, shape, values });
    expect([scalar(1, [], [0.5]), scalar(2, [1], [2]), scalar(9, [], [7n]), scalar(10, [], [1]), scalar(19, [], [0x3c00])]).toEqual([0.5, 2, 7, 1, 1]);
    expect([scalar(7, [], [encodeUtf8("x")]), scalar(1, [2], [1, 2]), scalar(8, [], [1, 2]), scalar(1, [1, 1], [1]), scalar(24, [], [1])]).toEqual(Array(5).fill(undefined));
    expect(scalarOfTensor({ dtype: 1, shape: [], content: unhex("a4707d3f") })).toBeCloseTo(0.99, 6);
  });
  test("types without a plain form are given as bytes, a torn end is refused", () => {
    expect(decodeTensor("float8_e5m2", unhex("0102"))).toEqual(unhex("0102"));
    expect(() => decodeTensor("int32", unhex("010203"))).toThrow(FormatError);
    expect([...decodeTensor("int64", unhex("ffffffffffffffff"))]).toEqual([-1n]);
    expect([...decodeTensor("complex64", unhex("0000803f00000040"))]).toEqual([1, 2]);
  });
});

describe("strings of a checkpoint", () => {
  test.each([[[]], [[""]], [["", "", ""]], [["a", "bc", ""]], [["x".repeat(300), "y"]], [["a".repeat(4)]]])("%j come back, their number found from the bytes", (texts) => {
    const values = texts.map((text) => encodeUtf8(text));
    expect(decodeStrings(encodeStrings(values))).toEqual(values);
  });
  test("damaged lengths are noticed, and the checksum runs over fixed-width lengths", () => {
    const bytes = encodeStrings([encodeUtf8("ab"), encodeUtf8("c")]);
    expect(hex(bytes.subarray(0, 2))).toBe("0201");
    expect(() => decodeStrings(Uint8Array.from(bytes, (byte, at) => (at === 0 ? 1 : at === 1 ? 2 : byte)))).toThrow(FormatError);
    expect(() => decodeStrings(bytes.subarray(1))).toThrow(FormatError);
    expect(() => decodeStrings(unhex("01"))).toThrow(FormatError);
    expect(stringsCrc(bytes)).not.toBe(stringsCrc(encodeStrings([encodeUtf8("ab"), encodeUtf8("d")])));
  });
});

describe("slices", () => {
  test("keys are those of the format's examples", () => {
    expect(hex(encodeSliceKey("w", [[0, 10], [0, -1]]))).toBe("007700010102808a807f");
    expect([encodeNumber(0), encodeNumber(1), encodeNumber(300)].map(hex)).toEqual(["00", "0101", "02012c"]);
    expect(hex(encodeText(unhex("6100ff62")))).toBe("6100ffff00620001");
  });
  test.each([[0, "80"], [63, "bf"], [-64, "40"], [-1, "7f"], [64, "c040"], [75, "c04b"], [-65, "3fbf"], [8191, "dfff"], [8192, "e02000"], [2 ** 31, "f880000000"]])(
    "%i is written as %s", (value, bytes) => expect(hex(encodeSigned(value))).toBe(bytes));
  test("keys of growing numbers grow", () => {
    const numbers = [-(2 ** 40), -8193, -65, -64, -1, 0, 63, 64, 8191, 8192, 2 ** 20, 2 ** 34, 2 ** 48];
    expect(numbers.map((value) => hex(encodeSigned(value))).toSorted()).toEqual(numbers.map((value) => hex(encodeSigned(value))));
  });
  test("runs put every element of a slice in its place", () => {
    const shape = [3, 4, 5, 2];
    const slice = wholeExtents(shape, [[1, 2], [0, 4], [2, 3], [0, -1]]);
    const places: number[] = [];
    for (const { into, from, count } of sliceRuns(shape, slice)) for (let i = 0; i < count; i++) places[from + i] = into + i;
    const wanted: number[] = [];
    for (let a = 1; a < 3; a++) for (let b = 0; b < 4; b++) for (let c = 2; c < 5; c++) for (let d = 0; d < 2; d++) wanted.push(((a * 4 + b) * 5 + c) * 2 + d);
    expect(places).toEqual(wanted);
  });
  test("a slice of the whole, of rank 0, and an empty one", () => {
    expect([...sliceRuns([2, 3], [[0, 2], [0, 3]])]).toEqual([{ into: 0, from: 0, count: 6 }]);
    expect([...sliceRuns([], [])]).toEqual([{ into: 0, from: 0, count: 1 }]);
    expect([...sliceRuns([4], [[1, 0]])]).toEqual([]);
  });
  test("specs and key forms", () => {
    expect(sliceSpec([4, 2], [[0, 2], [0, -1]])).toBe("4 2 0,2:0,2");
    expect(keyForms([4, 2], [[0, 2], [0, 2]]).at(-1)).toEqual([[0, 2], [0, -1]]);
    expect(() => wholeExtents([4], [[3, 2]])).toThrow(/outside/);
    expect(() => wholeExtents([4], [])).toThrow(/rank/);
  });
});
