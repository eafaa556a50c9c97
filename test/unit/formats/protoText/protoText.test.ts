// Protobuf's text form by itself: a small message of every type, written, read, and refused.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { encodeMessage } from "#formats/bytes/wireWriter";
import { parseProto } from "#formats/protoText/parseProto";
import { printProto } from "#formats/protoText/printProto";
import { entrySchema, enumSchema, messageSchema, type MessageSchema } from "#formats/protoText/schema";
import { hex } from "../golden";

const color = enumSchema(new Map([[0, "BLACK"], [1, "RED"]]));
const schema: MessageSchema = messageSchema(() => ({
  text: [1, "string"], raw: [2, "bytes"], small: [3, "int32"], big: [4, "int64"], natural: [5, "uint32"], flag: [6, "bool"], single: [7, "float"],
  precise: [8, "double"], color: [9, color], inner: [10, schema], many: [11, "int32", "repeated"], inners: [12, schema, "repeated"],
  map: [13, entrySchema("string", () => "int32"), "map"], choice: [14, "int32", "oneof"], numbers: [15, entrySchema("uint32", () => schema), "map"],
}));

const again = (text: string): string => printProto(schema, parseProto(schema, text));

describe("what is printed is read again", () => {
  test.each([
    'text: "a\\"b"\n', 'raw: "\\000\\377"\n', "small: -5\n", "big: -9223372036854775808\n", "natural: 4294967295\n", "flag: true\n", "single: 0.5\n", "precise: 1e-05\n",
    "precise: nan\n", "precise: -inf\n", "color: RED\n", "color: 7\n", "inner {\n}\n", "inner {\n  inner {\n    small: 1\n  }\n}\n", "many: 0\nmany: 1\n",
    "inners {\n}\ninners {\n  flag: true\n}\n", 'map {\n  key: "a"\n  value: 1\n}\n', "choice: 0\n",
  ])("%j", (text) => expect(again(text)).toBe(text));
});

describe("what is read in another way is printed in one way", () => {
  test.each([
    ["defaults are left out", 'text: "" small: 0 flag: false single: 0 color: BLACK precise: 0', ""],
    ["the last of several wins", "small: 1 small: 2", "small: 2\n"],
    ["messages that stand twice are merged", "inner { small: 1 many: 1 } inner { small: 2 many: 2 }", "inner {\n  small: 2\n  many: 1\n  many: 2\n}\n"],
    ["fields are sorted by number", 'small: 1 text: "x"', 'text: "x"\nsmall: 1\n'],
    ["maps are sorted by key", 'map { key: "b" } map { key: "a" value: 2 }', 'map {\n  key: "a"\n  value: 2\n}\nmap {\n  key: "b"\n}\n'],
    ["maps with numbers are sorted by number", "numbers { key: 10 value { } } numbers { key: 9 value { } }", "numbers {\n  key: 9\n  value {\n  }\n}\nnumbers {\n  key: 10\n  value {\n  }\n}\n"],
    ["lists in brackets", "many: [1, 2] inners: [{ small: 1 }, < small: 2 >] many: []", "many: 1\nmany: 2\ninners {\n  small: 1\n}\ninners {\n  small: 2\n}\n"],
    ["hexadecimal numbers, and enums by number", "small: 0x1F color: 1 flag: 1", "small: 31\nflag: true\ncolor: RED\n"],
    ["numbers with an f, a point, an exponent", "single: 1f precise: .5 # and a comment", "single: 1.0\nprecise: 0.5\n"],
    ["infinity by any of its names", "single: Infinity precise: -INF", "single: inf\nprecise: -inf\n"],
  ])("%s", (_, text, printed) => expect(again(text)).toBe(printed));
});

describe("refused", () => {
  test.each([
    "unknown: 1", "small", "small 1", "small: 1.5", "small: 2147483648", "natural: -1", "natural: 4294967296", "big: 9223372036854775808", "small: 010", "flag: 2", "flag: yes",
    'text: "open', "text: 'mixed\"", 'text: "\\x"', 'text: "\\377"', "text: bare", "precise: 0x10", "precise: 010", "precise: 1.2.3", "color: GREEN", "inner: 1", "inner {", "inner { small: 1 >",
    "many: [1", "many: [1 2]", "small: [1]", "}", "{", ";", "\ufeffsmall: 1", "small: 1\u0000", "[ext.name]: 1",
  ])("%j", (text) => expect(() => parseProto(schema, text)).toThrow(FormatError));
  test("with the line and what stands there", () => {
    expect(() => parseProto(schema, "small: 1\n\n  smal: 2")).toThrow(/line 3 .*no such field here, got smal/);
  });
  test("beyond a hundred levels", () => {
    expect(again(`${"inner {".repeat(100)}${"}".repeat(100)}`)).toContain("inner");
    expect(() => parseProto(schema, "inner {".repeat(101) + "}".repeat(101))).toThrow(/deeper than 100/);
    let bytes: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 200; depth++) bytes = encodeMessage((writer) => writer.bytes(10, bytes));
    expect(() => printProto(schema, bytes)).toThrow(FormatError);
  });
});

test("packed and unpacked lists print the same", () => {
  const packed = encodeMessage((writer) => writer.message(11, (list) => [1, 2, 300].forEach((value) => list.varint(value))));
  expect(printProto(schema, packed)).toBe("many: 1\nmany: 2\nmany: 300\n");
  expect(hex(parseProto(schema, "many: 1 many: 2 many: 300"))).toBe("5801580258ac02");
});

test("fields that the schema lacks are left out of the text", () => {
  expect(printProto(schema, encodeMessage((writer) => {
    writer.string(99, "x");
    writer.int(3, 4);
  }))).toBe("small: 4\n");
});
