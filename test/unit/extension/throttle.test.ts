// How often something often asked for is done.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttled } from "#extension/throttle";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first wish is served at once", () => {
  let done = 0;
  const wish = throttled(100, () => done++);
  wish();
  expect(done).toBe(1);
});

test("wishes within a period are served together at its end", () => {
  let done = 0;
  const wish = throttled(100, () => done++);
  for (let i = 0; i < 5; i++) wish();
  vi.advanceTimersByTime(99);
  expect(done).toBe(1);
  vi.advanceTimersByTime(1);
  expect(done).toBe(2);
});

test("a steady stream is served once per period", () => {
  let done = 0;
  const wish = throttled(100, () => done++);
  for (let ms = 0; ms < 1000; ms += 10) {
    wish();
    vi.advanceTimersByTime(10);
  }
  expect(done).toBe(11);
});

test("nothing is served after it was disposed of", () => {
  let done = 0;
  const wish = throttled(100, () => done++);
  wish();
  wish();
  wish.dispose();
  wish();
  vi.advanceTimersByTime(1000);
  expect(done).toBe(1);
});
