// When a run that is read says that it has changed.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunReader } from "#host/reader/runReader";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a point is told of at once after a rest, and those soon after it together, a tenth of a second later", () => {
  const told: [revision: number, ms: number][] = [];
  const began = performance.now();
  const reader = new RunReader("/nowhere", (revision) => told.push([revision, performance.now() - began]));
  const record = (step: number): void => reader.append([{ tag: "loss", steps: Float64Array.of(step), values: Float64Array.of(1), wallTimeSeconds: Float64Array.of(step) }]);
  record(1);
  vi.advanceTimersByTime(20);
  record(2);
  record(3);
  vi.advanceTimersByTime(1000);
  record(4);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([[1, 0], [3, 100], [4, 1020]]);
  reader.dispose();
});
