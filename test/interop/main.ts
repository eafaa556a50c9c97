// The Node side of the interop check: writes what others are to read, tells what it holds, reads what they wrote.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCheckpoints } from "./checkpoints";
import { writeEvents } from "./events";
import { writeGraphs } from "./graphs";
import { writeMetaGraphs } from "./metaGraphs";
import { readTheirs } from "./readTheirs";
import { exportedPicture, sampleRuns } from "./samples";
import { writeStates } from "./states";

async function write(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const expected = {
    checkpoints: await writeCheckpoints(join(dir, "checkpoints")),
    events: await writeEvents(join(dir, "events")),
    graphs: await writeGraphs(join(dir, "graphs")),
    metaGraphs: await writeMetaGraphs(join(dir, "metaGraphs")),
    states: await writeStates(join(dir, "states")),
  };
  await writeFile(join(dir, "expected.json"), JSON.stringify(expected));
}

/** Adds to the expectations what we find in the runs of the samples, each in the folder of its name, and in the exported generator. */
async function addSamples(dir: string, names: readonly string[]): Promise<void> {
  const file = join(dir, "expected.json");
  const expected: object = JSON.parse(await readFile(file, "utf8"));
  const samples = join(dir, "samples");
  await writeFile(file, JSON.stringify({ ...expected, samples: await sampleRuns(samples, names), exported: await exportedPicture(join(samples, "exported")) }));
}

const [command, dir, ...names] = process.argv.slice(2);
const commands = new Map<string, (dir: string, names: readonly string[]) => Promise<void>>([["write", write], ["samples", addSamples], ["read", readTheirs]]);
const work = commands.get(command ?? "");
if (!work || !dir) throw new Error(`usage: ${[...commands.keys()].join("|")} DIR [SAMPLE…]`);
await work(dir, names);
