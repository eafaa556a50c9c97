// Names, families and tags of summaries.
import { expect, test } from "vitest";
import { cleanSummaryName, mediaTags, summaryScope, summaryTag } from "#runtime/summaries/summaryNames";

test.each([
  ["loss", "loss"],
  ["a/b.c-d_e9", "a/b.c-d_e9"],
  ["my loss (mean)", "my_loss__mean_"],
  ["//loss", "loss"],
  ["w:0", "w_0"],
  ["grün", "grün"],
])("%s becomes %s", (name, clean) => {
  expect(cleanSummaryName(name)).toBe(clean);
});

test("a family stands before the name in the scope and once more before the tag", () => {
  expect(summaryScope("name", "f")).toBe("f/name");
  expect(summaryTag("outer/f/name/", "f")).toBe("f/outer/f/name");
});

test("without a family the tag is the scope", () => {
  expect(summaryTag(`outer/${summaryScope("name")}_1/`)).toBe("outer/name_1");
});

test("images are numbered by how many were asked for", () => {
  expect(mediaTags("t/image", { maxOutputs: 1, count: 4 })).toEqual(["t/image"]);
  expect(mediaTags("t/image", { maxOutputs: 3, count: 1 })).toEqual(["t/image/0"]);
  expect(mediaTags("t/image", { maxOutputs: 3, count: 4 })).toEqual(["t/image/0", "t/image/1", "t/image/2"]);
  expect(mediaTags("t/image", { maxOutputs: 3, count: 0 })).toEqual([]);
});
