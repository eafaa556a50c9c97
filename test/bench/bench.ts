// The goals, measured: each is our reader against a peer in the same run, in turns, every turn in a fresh process.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeCheckpoint, writeEventFile } from "./data";
import { chartGoals } from "./chartGoals";
import { comparedTensors, goals as readerGoals, type BenchData } from "./goals";
import { graphGoals } from "./graphGoals";
import { trainingGoals } from "./trainingGoals";
import { isThere, missingPeers } from "./peerPackages";
import { compare, dropCaches } from "./rounds";
import { tensorsOf } from "./variants/listing";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: "boolean", default: false }, cold: { type: "boolean", default: false }, rounds: { type: "string", default: "5" } },
});
const all = [...readerGoals, ...trainingGoals, ...chartGoals, ...graphGoals];
/** Goals of one name have several rows, each with a number by which it can be measured alone. */
const goals = all.map((goal, at) => ({ ...goal, row: `${goal.name}.${all.slice(0, at + 1).filter(({ name }) => name === goal.name).length}` }));
const wanted = new Set(positionals.map((name) => name.toUpperCase()));
const unknown = [...wanted].filter((name) => !goals.some((goal) => goal.name === name || goal.row === name));
if (unknown.length > 0) throw new Error(`There is no goal ${unknown.join(", ")}. Goals: ${[...new Set(goals.map(({ name }) => name))].join(", ")}.`);

const missing = await missingPeers();
if (missing.length > 0) console.log(`Not installed, so not compared with: ${missing.join(" and ")}. Install them with: npm install --no-save ${missing.join(" ")}\n`);
if (options.cold) dropCaches();

const folder = mkdtempSync(join(tmpdir(), "trainscope-bench-"));
try {
  const data = await makeData(folder, options.full);
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}; ${data.points} points, ${data.checkpointBytes / 2 ** 20} MiB of checkpoint.`);
  console.log("Least / median / greatest of the rounds; ratios are of medians.\n");
  let failed = 0;
  for (const goal of goals) {
    if ((wanted.size > 0 && !wanted.has(goal.name) && !wanted.has(goal.row)) || (goal.cold && !options.cold)) continue;
    if (goal.peer && missing.includes(goal.peer.variant.replace(/Load$/, ""))) continue;
    if (goal.needs && !(await isThere(goal.needs))) {
      console.log(`${goal.row}  ${goal.title}\n    not measured: ${goal.needs} does not load here\n`);
      continue;
    }
    if (!(await compare(goal, data, Number(options.rounds)))) failed++;
  }
  if (failed > 0) console.log(`${failed} of the gates were missed twice, the second time with twice the rounds.`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function makeData(dir: string, full: boolean): Promise<BenchData> {
  const points = full ? 5_000_000 : 500_000;
  const checkpointBytes = (full ? 1024 : 64) * 2 ** 20;
  const tensors = 10_000;
  const data = {
    dir, points, checkpointBytes, tensors,
    eventFile: writeEventFile(join(dir, "run"), points),
    checkpoint: writeCheckpoint(join(dir, "checkpoint"), { bytes: checkpointBytes, tensors: comparedTensors }),
    laterCheckpoint: writeCheckpoint(join(dir, "checkpoint"), { bytes: checkpointBytes, tensors: comparedTensors, seed: 41 }),
    index: writeCheckpoint(join(dir, "index"), { bytes: tensors * 64, tensors }),
  };
  writeFileSync(`${data.index}.json`, JSON.stringify(await tensorsOf(data.index)));
  return data;
}
