import { describe, expect, test } from "vitest";
import { clockText, newestReason, nextOfListed, ordinal, stepText } from "#analysis/checkpoints/words";
import { at } from "./checkpointFacts";

test("places are counted as people count them", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal)).toEqual([
    "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th",
  ]);
});

test("times are of the day, with the date when that is another one", () => {
  expect(clockText(at(9, 5), at(23))).toBe("09:05");
  expect(clockText(at(9, 5), at(33))).toBe("2026-05-20 09:05");
  expect(clockText(Infinity, 0)).toBe("–");
});

test("steps are grouped", () => {
  expect(stepText(12400)).toBe("12,400");
});

describe("why a listed one is kept", () => {
  test.each([
    [{ place: 1, count: 7, newest: 7 }, "Newest: the run resumes from it"],
    [{ place: 4, count: 7, newest: 7 }, "One of the newest 7 (4th)"],
    [{ place: 7, count: 7, newest: 7 }, "Oldest of the newest 7"],
    [{ place: 3, count: 3, newest: 7 }, "One of the newest 7 (3rd)"],
    [{ place: 1, count: 1, newest: 1 }, "Newest: the run resumes from it"],
  ])("%j", (about, sentence) => {
    expect(newestReason(about)).toBe(sentence);
  });
});

describe("what comes next for a listed one", () => {
  const save = { save: 2, atSeconds: 600, step: 14000, deletes: [], keepsForever: [] };
  const unknown = { ...save, step: undefined };
  const about = { nowSeconds: at(14), ended: false, simulated: 9 };
  test.each([
    ["goes near a step", { save, keeps: false, markSeconds: 0 }, about, "Goes at the save near step 14,000, ≈ 14:10"],
    ["goes at a count of saves", { save: unknown, keeps: false, markSeconds: 0 }, about, "Goes at the 2nd save from now, ≈ 14:10"],
    ["becomes a mark at a step", { save, keeps: true, markSeconds: at(13, 38) }, about, "Becomes the hour mark of 13:38 at step 14,000"],
    ["becomes a mark at a save", { save: unknown, keeps: true, markSeconds: at(13, 38) }, about, "Becomes the hour mark of 13:38 at the 2nd save"],
    ["goes after a restart", { save: unknown, keeps: false, markSeconds: 0 }, { ...about, ended: true }, "Goes at the 2nd save after a restart, if the list is taken over"],
    ["stays", undefined, about, "Stays for the next 9 saves at least"],
  ])("%s", (_, decision, surroundings, sentence) => {
    expect(nextOfListed(decision, surroundings)).toBe(sentence);
  });
});
