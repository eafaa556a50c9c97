import { expect, test } from "vitest";
import { markOf, markWord } from "#kit/marks";

test.each([
  [{ complete: true, kept: "newest", deletedAtSave: 7 }, "newest"],
  [{ complete: true, kept: "newest", deletedAtSave: 1 }, "goes next"],
  [{ complete: true, kept: "newest" }, "newest"],
  [{ complete: true, kept: "hourMark" }, "hour mark"],
  [{ complete: true, kept: "protected" }, "protected"],
  [{ complete: true, kept: "unmanaged" }, "not managed"],
  [{ complete: false, kept: "newest", deletedAtSave: 1 }, "incomplete"],
] as const)("%j is marked as %s", (checkpoint, word) => {
  expect(markWord(markOf(checkpoint))).toBe(word);
});
