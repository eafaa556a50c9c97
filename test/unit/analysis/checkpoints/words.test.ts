import { describe, expect, test } from "vitest";
import { clockText, fateText, newestReason, ordinal, stepText } from "#analysis/checkpoints/words";
import type { Fate } from "#model/checkpointOutlook";
import { at, facts } from "./checkpointFacts";

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
    [{ place: 3, count: 3, newest: 2 }, "Older than the newest 2; one goes with each save"],
    [{ place: 3, count: 3, newest: 7 }, "One of the newest 7 (3rd)"],
    [{ place: 1, count: 1, newest: 1 }, "Newest: the run resumes from it"],
  ])("%j", (about, sentence) => {
    expect(newestReason(about)).toBe(sentence);
  });
});

describe("what comes next", () => {
  const about = { facts: facts({ nowSeconds: at(14) }), simulated: 9, timesUnknown: false };
  const ended = { ...about, facts: facts({ writer: "ended" }) };
  test.each<readonly [string, Fate, typeof about, string]>([
    ["goes near a step", { kind: "goes", save: 2, atSeconds: 600, step: 14_000 }, about, "Goes at the save near step 14,000, ≈ 14:10"],
    ["goes at a count of saves", { kind: "goes", save: 2, atSeconds: 600 }, about, "Goes at the 2nd save from now, ≈ 14:10"],
    ["goes at a time that nobody knows", { kind: "goes", save: 2, atSeconds: NaN, step: 14_000 }, { ...about, timesUnknown: true }, "Goes at the save near step 14,000"],
    ["becomes a mark at a step", { kind: "becomesHourMark", save: 2, atSeconds: 600, step: 14_000, markSeconds: at(13, 38) }, about, "Becomes the hour mark of 13:38 at step 14,000"],
    ["becomes a mark at a save", { kind: "becomesHourMark", save: 2, atSeconds: 600, markSeconds: at(13, 38) }, about, "Becomes the hour mark of 13:38 at the 2nd save"],
    ["goes after a restart", { kind: "goes", save: 2, atSeconds: 600 }, ended, "Goes at the 2nd save after a restart, if the list is taken over"],
    ["stays as far as one can see", { kind: "stays", until: "simulated" }, about, "Stays for the next 9 saves at least"],
    ["stays to the end", { kind: "stays", until: "endOfRun" }, about, "Stays to the end of the run"],
  ])("%s", (_, fate, surroundings, sentence) => {
    expect(fateText(fate, surroundings)).toBe(sentence);
  });
});
