// The Node side of the interop check: writes what others are to read, tells what it holds, reads what they wrote.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCheckpoints } from "./checkpoints";
import { writeEvents } from "./events";
import { writeGraphs } from "./graphs";
import { writeMetaGraphs } from "./metaGraphs";
import { readTheirs } from "./readTheirs";
import { sampleFacts } from "./sampleFacts";
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

/** Adds to the expectations what our readers find in the run that the sample left in `sample`. */
async function addSample(dir: string): Promise<void> {
  const file = join(dir, "expected.json");
  const expected: object = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...expected, sample: await sampleFacts(join(dir, "sample")) }));
}

const [command, dir] = process.argv.slice(2);
const commands = new Map([["write", write], ["sample", addSample], ["read", readTheirs]]);
const work = commands.get(command ?? "");
if (!work || !dir) throw new Error(`usage: ${[...commands.keys()].join("|")} DIR`);
await work(dir);
