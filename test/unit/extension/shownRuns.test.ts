import { expect, test } from "vitest";
import { ShownRuns, type Memory } from "#extension/runs/shownRuns";

function memory(): Memory & { readonly updates: string[] } {
  const kept = new Map<string, unknown>();
  const updates: string[] = [];
  return {
    updates,
    get: <Value>(key: string, otherwise: Value) => (kept.has(key) ? (kept.get(key) as Value) : otherwise),
    update: async (key, value) => {
      updates.push(key);
      kept.set(key, value);
    },
  };
}

test("a thousand runs get their colours and dashes in one go, evenly, and keep them", () => {
  const kept = memory();
  const shown = new ShownRuns(kept);
  const told: (readonly string[])[] = [];
  shown.onDidChange((dirs) => told.push(dirs));
  const dirs = Array.from({ length: 1000 }, (_, at) => `/runs/${at}`);
  shown.giveStyles(dirs);
  expect([kept.updates.length, told.length]).toEqual([1, 1]);
  const styles = dirs.map((dir) => shown.styleOf(dir));
  expect(styles.slice(0, 17)).toEqual([...Array.from({ length: 16 }, (_, at) => at), 0]);
  shown.setStyle("/runs/3", 9);
  shown.giveStyles(dirs);
  expect(shown.styleOf("/runs/3")).toBe(9);
  expect(shown.styleOf("/runs/4")).toBe(4);
});

test("runs that are checked have their colours and dashes before anyone looks at their rows", () => {
  const kept = memory();
  const shown = new ShownRuns(kept);
  const dirs = Array.from({ length: 1000 }, (_, at) => `/runs/${at}`);
  shown.checkOnly(dirs.slice(0, 999));
  shown.check(dirs.slice(999), true);
  const before = kept.updates.length;
  expect(dirs.map((dir) => shown.styleOf(dir)).slice(15, 17)).toEqual([15, 0]);
  expect(kept.updates).toHaveLength(before);
});
