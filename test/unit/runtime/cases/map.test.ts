// The cases distilled from TensorFlow's own tests, by group and number, and that each of them is a test here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** A: Saver, B: retention, C: state file, D: meta graphs and saved models, E: averages, F: coordinator, G: session manager, H: Supervisor, I: monitored sessions, J: hooks, K: names and scopes, L: control dependencies, M: summaries. */
const groups = {
  A: "01 02 03 04 07 09 11 13 15 16 18 19 20 21 22 24 27",
  B: "01 02 03 05 06 07 09 10 11 16 18 21",
  C: "01 02 03 04 07 08 09 10 12 14",
  D: "01 03 04 05 06 08 09 11 12 13 15",
  E: "01 02 03 04 05 07 08 10 11 13 14 18",
  F: "01 02 03 04 05 06 08 11",
  G: "01 02 03 04 05 08 09",
  H: "01 02 04 05 06 07 08 09 11",
  I: "01 02 03 04 05 06 08 09 13 14 15 16 17 18 19 20 21 23 24 28",
  J: "01 02 03 04 06 07 08 09 11 13 14 15 18 20 21 22 24 25 28",
  K: "01 02 05 06 08 10 11 12 13 14 18 19 20 22 23 24 26 27 28 29 30 33 35 36 38 40 41",
  L: "01 02 03 05 06 07 09",
  M: "01 02 03 05 06 07 09 10 11",
};

/** What is not offered, so that its cases have no test. */
const notOffered: Readonly<Record<string, string>> = {
  D08: "a part of a graph is not copied within one: it is made twice by the function that makes it",
  D09: "belongs to D08: names of parts are neither stripped nor prefixed",
  D11: "saved models are read for what they hold, and not loaded into a session",
  D12: "saved models are not written",
  D13: "saved models are not loaded into a session",
  D15: "saved models are not loaded into a session",
};

/** The numbers that the names of tests begin with. */
function tested(): Set<string> {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const names = files.flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/["`]((?:[A-Z]+-?\d+(?:, )?)+):/g)]);
  return new Set(names.flatMap(([, numbers = ""]) => numbers.split(", ")));
}

test("each case is a test, or is said not to be offered", () => {
  const all = Object.entries(groups).flatMap(([group, numbers]) => numbers.split(" ").map((number) => group + number));
  const found = tested();
  expect(all).toHaveLength(168);
  expect(all.filter((id) => !found.has(id))).toEqual(Object.keys(notOffered));
});
