import { describe, expect, test } from "vitest";
import type { RunProgress } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import { ClientFeed } from "#trainer/clientFeed";

function points(tag: string, from: number, count: number): ScalarBatch {
  const steps = Float64Array.from({ length: count }, (_, at) => from + at);
  return { tag, steps, values: steps.map((step) => step / 2), wallTimeSeconds: steps.map((step) => step + 1e9) };
}

function feedTo(queue: { bytes: number }) {
  const told: (readonly ScalarBatch[] | RunProgress | { readonly text: string })[] = [];
  const feed = new ClientFeed({
    tell: { scalarsRecorded: (batches) => told.push(batches), progressed: (progress) => told.push(progress), noticed: (notice) => told.push(notice) },
    queuedBytes: () => queue.bytes,
  });
  return { feed, told };
}

const busy = 64 * 1024 * 1024;

describe("a client that keeps up", () => {
  test("is told every batch as it comes", () => {
    const { feed, told } = feedTo({ bytes: 0 });
    feed.scalars([points("a", 0, 2)]);
    feed.progress({ step: 2 });
    feed.scalars([points("a", 2, 1), points("b", 2, 1)]);
    expect(told).toEqual([[points("a", 0, 2)], { step: 2 }, [points("a", 2, 1), points("b", 2, 1)]]);
    expect(feed.thinned).toBe(0);
  });
});

describe("a client that does not keep up", () => {
  test("is told nothing until it has caught up, then all of it at once, with the newest progress only", () => {
    const queue = { bytes: busy };
    const { feed, told } = feedTo(queue);
    feed.scalars([points("a", 0, 3)]);
    feed.progress({ step: 3 });
    feed.scalars([points("a", 3, 2), points("b", 0, 1)]);
    feed.progress({ step: 5 });
    expect(told).toEqual([]);
    queue.bytes = 0;
    feed.flush();
    expect(told).toEqual([[points("a", 0, 5), points("b", 0, 1)], { step: 5 }]);
  });
  test("loses its oldest points when too many wait, and it is told how many", () => {
    const queue = { bytes: busy };
    const { feed, told } = feedTo(queue);
    for (let from = 0; from < 25_000; from += 1000) feed.scalars([points("a", from, 1000)]);
    queue.bytes = 0;
    feed.flush();
    expect(told).toEqual([
      [points("a", 15_000, 10_000)],
      { text: "15000 points came too fast to be shown live; the event file has them." },
    ]);
    expect(feed.thinned).toBe(15_000);
  });
});
