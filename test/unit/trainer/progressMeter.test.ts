import { describe, expect, test } from "vitest";
import { maxStepsOf, ProgressMeter } from "#trainer/progressMeter";

function started({ step = 0, maxSteps }: { step?: number; maxSteps?: number } = {}): ProgressMeter {
  const meter = new ProgressMeter(() => maxSteps);
  meter.start(step, 0);
  return meter;
}

const one = (value: number) => Float64Array.of(value);

describe("progress", () => {
  test("is unknown before the first session", () => {
    expect(new ProgressMeter().progress()).toBeUndefined();
  });
  test("has no pace before the first step", () => {
    expect(started({ maxSteps: 10 }).progress()).toEqual({ step: 0, of: 10 });
  });
  test("counts the goal from the step it began at", () => {
    const meter = started({ step: 200, maxSteps: 100 });
    meter.stepDone(201, 500);
    expect(meter.progress()).toEqual({ step: 201, of: 300, stepsPerSecond: 2, secondsLeft: 49.5 });
  });
  test("tells the pace of the last ten seconds", () => {
    const meter = started();
    for (let second = 1; second <= 60; second++) meter.stepDone(second < 30 ? second : 29 + (second - 29) * 10, second * 1000);
    expect(meter.progress()?.stepsPerSecond).toBeCloseTo(10, 5);
  });
  test("has no goal where the script means to go on for ever", () => {
    expect(started({ maxSteps: 2 ** 32 }).progress()).toEqual({ step: 0 });
    expect(started({ maxSteps: Infinity }).progress()).toEqual({ step: 0 });
  });
  test("does not take a restore for a pace", () => {
    const meter = started({ maxSteps: 100 });
    meter.stepDone(50, 5000);
    meter.jump(20, 6000);
    expect(meter.progress()).toEqual({ step: 20, of: 100 });
    meter.stepDone(21, 6100);
    expect(meter.progress()?.stepsPerSecond).toBeCloseTo(10, 5);
  });
  test("shows the newest value of the first tag with loss in its name", () => {
    const meter = started();
    meter.scalarsRecorded([
      { tag: "learning_rate", steps: one(1), values: one(0.1), wallTimeSeconds: one(1) },
      { tag: "gen_Loss", steps: one(1), values: one(3), wallTimeSeconds: one(1) },
      { tag: "other_loss", steps: one(1), values: one(9), wallTimeSeconds: one(1) },
    ]);
    meter.scalarsRecorded([{ tag: "gen_Loss", steps: Float64Array.of(2, 3), values: Float64Array.of(2, 1), wallTimeSeconds: Float64Array.of(2, 3) }]);
    expect(meter.progress()?.loss).toEqual({ tag: "gen_Loss", value: 1 });
  });
});

describe("the number of steps in a script's arguments", () => {
  const cases: readonly (readonly [readonly string[], number | undefined])[] = [
    [["--max_steps", "300"], 300],
    [["--lr", "1", "--max_steps=20"], 20],
    [["--max-steps", "7"], 7],
    [["--maxSteps", "7"], 7],
    [["--max_steps", "0"], 0],
    [["--max_steps"], undefined],
    [["--max_steps", "many"], undefined],
    [["--steps", "5"], undefined],
  ];
  test.each(cases)("%j is %j", (args, wanted) => expect(maxStepsOf(args)).toBe(wanted));
});
