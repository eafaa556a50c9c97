// Where a FormatError says that bytes are wrong.
import { expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { encodeUtf8, utf8Length } from "#formats/bytes/utf8";
import { readCheckpointState } from "#formats/checkpointState/checkpointState";
import { parseJson } from "#formats/json/json";

function refusal(read: () => unknown): FormatError {
  try {
    read();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("it was read");
}

test("every error has an offset: 0 where all of it is wrong, and counted in the file once that is known", () => {
  const whole = new FormatError("malformed", "no model");
  expect([whole.offset, whole.message]).toEqual([0, "no model"]);
  expect(whole.within({ file: "a", offset: 100 }).offset).toBe(100);
  const part = new FormatError("truncated", "cut", { offset: 7 });
  expect(part.within({ file: "a", offset: 100 })).toMatchObject({ offset: 107, message: "cut (a, byte 107)" });
  expect(part.within({ file: "a", offset: 100, inside: false }).offset).toBe(100);
});

test("text that is no JSON is wrong at a byte, where the parser tells one", () => {
  expect(refusal(() => parseJson('{"ü":1,}')).offset).toBe(8);
  expect(refusal(() => parseJson('{"ü":1')).offset).toBe(7);
  expect(refusal(() => parseJson("")).offset).toBe(0);
});

test("a state file that is no UTF-8 is wrong at its first byte that is none", () => {
  const bytes = encodeUtf8('model_checkpoint_path: "ü"');
  bytes[20] = 0xff;
  expect(refusal(() => readCheckpointState(bytes)).offset).toBe(20);
});

test.each([["", 0], ["61", 1], ["61c3bc", 3], ["61c3", 2], ["61ff61", 1], ["c328", 1]])("of %s so many bytes are UTF-8: %d", (hex, length) => {
  expect(utf8Length(Uint8Array.from(Buffer.from(hex, "hex")))).toBe(length);
});
