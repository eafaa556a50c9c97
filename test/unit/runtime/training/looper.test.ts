// Looper against recorded schedules of TF's LooperThread.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Coordinator } from "#runtime/training/coordinator";
import { Looper } from "#runtime/training/looper";
import { FakeClock } from "../../../support/fakeClock";

interface Case {
  interval: number | null;
  calls_last: number[];
  raise_in_call?: number;
  events: [number, string][];
  should_stop: boolean;
  error?: { message: string };
}

const recorded = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/looper.json", import.meta.url), "utf8"),
) as { cases: Case[] };

class Recorder extends Looper {
  readonly events: [number, string][] = [];
  #calls = 0;

  constructor(readonly coord: Coordinator, readonly clock: FakeClock, readonly planned: Case) {
    super(coord, { intervalSecs: planned.interval, clock });
  }

  override startLoop(): void {
    this.#note("start_loop");
  }

  override runLoop(): void {
    this.#note("run_loop");
    this.#calls += 1;
    this.clock.advance(this.planned.calls_last[this.#calls - 1] ?? 0);
    if (this.#calls === this.planned.raise_in_call) throw new Error("call failed");
    if (this.#calls === this.planned.calls_last.length) this.coord.requestStop();
  }

  override stopLoop(): void {
    this.#note("stop_loop");
  }

  #note(what: string): void {
    this.events.push([Math.round(this.clock.nowSeconds() * 1e6) / 1e6, what]);
  }
}

describe("calls begin when TF's did", () => {
  test.each(recorded.cases.map((each, index) => [index, each.interval, each] as const))("case %i, every %s s", async (_, __, planned) => {
    const clock = new FakeClock(0);
    const coord = new Coordinator({ clock });
    const looper = new Recorder(coord, clock, planned).start();
    await looper.ended;
    expect(looper.events).toEqual(planned.events);
    expect(coord.shouldStop()).toBe(planned.should_stop);
    if (planned.error) expect(() => coord.raiseRequestedException()).toThrow(planned.error.message);
    else coord.raiseRequestedException();
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
