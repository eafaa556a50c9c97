// Looper against recorded schedules of TF's LooperThread.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Coordinator } from "#runtime/training/coordinator";
import { Looper } from "#runtime/training/looper";
import { checkLooper, type LooperCase } from "../../../conformance/coordinatorCases";
import { FakeClock } from "../../../support/fakeClock";

const recorded = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/looper.json", import.meta.url), "utf8"),
) as { cases: LooperCase[] };

describe("calls begin when TF's did", () => {
  test.each(recorded.cases.map((each, index) => [index, each.interval, each] as const))("case %i, every %s s", async (_, __, planned) => {
    await expect(checkLooper(planned)).resolves.toBeUndefined();
  });
});

test("calls of 1, 25, 1, 1, … seconds every 10 begin at 0, 10, 35, 36, 40, 50", async () => {
  const clock = new FakeClock(0);
  const coord = new Coordinator({ clock });
  const begun: number[] = [];
  await Looper.loop(coord, {
    intervalSecs: 10,
    clock,
    target: () => {
      begun.push(clock.nowSeconds());
      clock.advance(begun.length === 2 ? 25 : 1);
      if (begun.length === 6) coord.requestStop();
    },
  }).ended;
  expect(begun).toEqual([0, 10, 35, 36, 40, 50]);
});

test("join waits for a started looper only", async () => {
  const coord = new Coordinator({ clock: new FakeClock() });
  const idle = new Looper(coord, { intervalSecs: 1 });
  await coord.join();
  expect(idle.name).toBe("Looper");
});
