// Rounds of a comparison: in turns, each turn in a process of its own, and what they come to.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchData, Goal, Side } from "./goals";
import { median, type Measured } from "./measured";

const variantProgram = join(import.meta.dirname, "variant.mjs");
const scales = { s: 1, ms: 1000, MB: 1e-6, "%": 100 } as const;

/** Measures a goal and prints it; a missed gate is measured once more with twice the rounds. False: missed twice. */
export async function compare(goal: Goal & { readonly row: string }, data: BenchData, wanted: number): Promise<boolean> {
  const rounds = goal.rounds ?? wanted;
  console.log(`${goal.row}  ${goal.title}`);
  return measure(goal, data, rounds) || measure(goal, data, 2 * rounds);
}

/** Empties the system's cache of files, which only an administrator may. */
export function dropCaches(): void {
  writeFileSync("/proc/sys/vm/drop_caches", "1");
}

function measure(goal: Goal, data: BenchData, rounds: number): boolean {
  const ours: Measured[] = [];
  const peers: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(turn(goal, goal.ours, data));
    if (goal.peer) peers.push(turn(goal, goal.peer, data));
  }
  const results = new Set([...ours, ...(goal.equal ? peers : [])].map(({ result }) => result));
  if (goal.tolerance === undefined && results.size > 1) throw new Error(`${goal.name}: the results differ:\n${[...results].join("\nand\n")}`);
  if (goal.tolerance !== undefined) checkClose(goal, [...ours, ...peers]);
  print(goal.ours.title, ours, goal);
  if (goal.peer) print(goal.peer.title, peers, goal);
  const ratio = goal.ratio(middle(ours), middle(peers), data);
  const reached = (limit: number): boolean => (goal.better === "more" ? ratio >= limit : ratio <= limit);
  const sign = goal.better === "more" ? "≥" : "≤";
  const verdict = reached(goal.target) ? "target reached" : reached(goal.gate) ? "gate reached" : "GATE MISSED";
  console.log(`    ratio ${number(ratio)}   gate ${sign} ${goal.gate}, target ${sign} ${goal.target}: ${verdict}\n`);
  return reached(goal.gate);
}

function turn(goal: Goal, side: Side, data: BenchData): Measured {
  if (goal.cold) dropCaches();
  const options = JSON.stringify(side.arguments(data));
  const { status, stdout, error } = spawnSync(process.execPath, ["--expose-gc", variantProgram, side.variant, options], {
    encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 64 * 1024 * 1024,
  });
  if (error ?? status !== 0) throw new Error(`${side.variant} failed`, { cause: error });
  return JSON.parse(stdout) as Measured;
}

function checkClose({ name, tolerance = 0 }: Goal, turns: readonly Measured[]): void {
  const [first, ...rest] = turns.map(({ result }) => JSON.parse(result) as number[]);
  // A slow peer may have made fewer steps.
  const far = (value: number, i: number) => i < (first?.length ?? 0) && !(Math.abs(value - (first?.[i] ?? NaN)) <= tolerance * Math.abs(value));
  const wrong = rest.find((values) => values.some(far) || values.length === 0);
  if (wrong) throw new Error(`${name}: the results differ:\n${first?.join()}\nand\n${wrong.join()}`);
}

function middle(turns: readonly Measured[]): number {
  return median(turns.map(({ value }) => value));
}

function print(title: string, turns: readonly Measured[], { unit }: Goal): void {
  const values = turns.map(({ value }) => value * scales[unit]);
  const three = [Math.min(...values), median(values), Math.max(...values)].map(number).join(" / ");
  console.log(`    ${title.padEnd(28)} ${three} ${unit}`);
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
