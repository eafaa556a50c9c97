// A page that says nothing is filled again, and one that speaks is left alone.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Emitter } from "#base/emitter";
import { refillWhenSilent } from "#extension/panels/silentPage";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page; a living one answers when it is nudged. */
function watchedPage({ living = false } = {}) {
  const messages = new Emitter<unknown>();
  const states = new Emitter<never>();
  const panel = { visible: true, viewColumn: 1, onDidChangeViewState: states.event };
  const pipe = { post: () => undefined, onMessage: messages.event, onClose: new Emitter<string>().event, dispose: () => undefined };
  const seen = { fills: 0, nudges: 0 };
  const nudge = (): void => {
    seen.nudges++;
    if (living) messages.fire({});
  };
  const watch = refillWhenSilent({ panel, pipe, fill: () => seen.fills++, nudge });
  const show = (visible: boolean, viewColumn = 1): void => {
    Object.assign(panel, { visible, viewColumn });
    states.fire(undefined as never);
  };
  return { seen, watch, show, speak: () => messages.fire({}) };
}

test("a page that speaks in time, and once more when it is asked, is not filled again", () => {
  const { seen, speak } = watchedPage({ living: true });
  vi.advanceTimersByTime(3999);
  speak();
  vi.advanceTimersByTime(100_000);
  expect(seen).toEqual({ fills: 0, nudges: 1 });
});

test("a page that spoke and was then lost is filled again", () => {
  const { seen, speak } = watchedPage();
  speak();
  speak();
  vi.advanceTimersByTime(8000);
  expect(seen).toEqual({ fills: 1, nudges: 1 });
});

test("a silent page is filled again, with more patience each time, and then given up", () => {
  const { seen } = watchedPage();
  const after = (ms: number): number => {
    vi.advanceTimersByTime(ms);
    return seen.fills;
  };
  expect([after(3999), after(1), after(7999), after(1), after(16_000), after(100_000)]).toEqual([0, 1, 1, 2, 3, 3]);
});

test("a page that is shown again is watched again", () => {
  const { seen, speak, show } = watchedPage();
  speak();
  show(false);
  show(true);
  vi.advanceTimersByTime(4000);
  expect(seen.fills).toBe(1);
});

test("a page that moves to another column is nudged, and filled again when that wakes nobody", () => {
  const { seen, speak, show } = watchedPage();
  speak();
  show(true, 2);
  expect(seen).toEqual({ fills: 0, nudges: 1 });
  vi.advanceTimersByTime(4000);
  expect(seen.fills).toBe(1);
});

test("a change of focus alone is no reason to wait for a word", () => {
  const { seen, speak, show } = watchedPage({ living: true });
  speak();
  show(true);
  vi.advanceTimersByTime(100_000);
  expect(seen).toEqual({ fills: 0, nudges: 1 });
});

test("a hidden page and one that is gone are left alone", () => {
  const hidden = watchedPage();
  hidden.show(false);
  const gone = watchedPage();
  gone.watch.dispose();
  vi.advanceTimersByTime(100_000);
  expect([hidden.seen.fills, gone.seen.fills]).toEqual([0, 0]);
});
