import { describe, expect, test } from "vitest";
import { RunEvents } from "#host/reader/runEvents";

const place = { path: "events.out.tfevents.1", offset: 0, length: 0 };

/** Adds one summary. */
function summary(events: RunEvents, { step, wallTimeSeconds, tags }: { readonly step: number; readonly wallTimeSeconds: number; readonly tags: readonly string[] }): void {
  events.add({ wallTimeSeconds, step, what: { kind: "summary", values: tags.map((tag) => ({ tag, value: { kind: "simple", value: step } })) } }, place);
}

function tell(events: RunEvents, tags: readonly string[], { from, to, late }: { readonly from: number; readonly to: number; readonly late: number }): void {
  const steps = Float64Array.from({ length: to - from }, (_, at) => from + at);
  events.addTold(tags.map((tag) => ({ tag, steps, values: steps, wallTimeSeconds: steps.map((step) => 1000 + step + late) })));
}

/** How many pieces of memory the columns of these tags lie in. */
function pieces(events: RunEvents, tags: readonly string[], column: "steps" | "values" | "wallTimeSeconds"): number {
  return new Set(tags.map((tag) => events.tag(tag)?.series[column].buffer)).size;
}

const tags = ["loss", "learning_rate", "accuracy", "norm"];

describe("tags of one run", () => {
  test("that are written together have their steps and times in memory once, those written one by one their steps", () => {
    const together = new RunEvents();
    const single = new RunEvents();
    for (let step = 0; step < 500; step++) {
      summary(together, { step, wallTimeSeconds: 1000 + step, tags });
      tags.forEach((tag, at) => summary(single, { step, wallTimeSeconds: 1000 + step + at / 8, tags: [tag] }));
    }
    expect([pieces(together, tags, "steps"), pieces(together, tags, "wallTimeSeconds"), pieces(together, tags, "values")]).toEqual([1, 1, 4]);
    expect([pieces(single, tags, "steps"), pieces(single, tags, "wallTimeSeconds")]).toEqual([1, 4]);
  });

  test("of two paces share with those of their own", () => {
    const events = new RunEvents();
    const seldom = ["val_loss", "val_accuracy"];
    for (let step = 0; step < 500; step++) summary(events, { step, wallTimeSeconds: 1000 + step, tags: step % 100 === 0 ? [...tags, ...seldom] : tags });
    expect([pieces(events, tags, "steps"), pieces(events, seldom, "steps"), pieces(events, [...tags, ...seldom], "wallTimeSeconds")]).toEqual([1, 1, 2]);
    expect([...(events.tag("val_accuracy")?.series.steps ?? [])]).toEqual([0, 100, 200, 300, 400]);
  });

  test("share them also while a training tells its points ahead of the file, at times that differ a little from those written", () => {
    const events = new RunEvents();
    const told = [...tags, "told only"];
    for (let from = 0; from < 400; from += 20) {
      tell(events, told, { from, to: from + 20, late: 0.25 });
      // The file is behind by half of what was told, and one tag is written less often than it is told.
      for (let step = Math.max(0, from - 10); step < from + 10; step++) summary(events, { step, wallTimeSeconds: 1000 + step, tags: step % 5 === 0 ? tags : tags.slice(1) });
      events.settle();
    }
    const steady = tags.slice(1);
    expect([pieces(events, steady, "steps"), pieces(events, steady, "wallTimeSeconds")]).toEqual([1, 1]);
    const times = Float64Array.from({ length: 400 }, (_, step) => 1000 + step + (step < 390 ? 0 : 0.25));
    for (const tag of steady) expect(events.tag(tag)?.series.wallTimeSeconds).toEqual(times);
    expect(events.tag("told only")?.series.length).toBe(400);
    expect([...(events.tag("loss")?.series.steps ?? [])]).toEqual([...Array.from({ length: 78 }, (_, at) => 5 * at), ...Array.from({ length: 14 }, (_, at) => 386 + at)]);
  });
});
