// One variant in a process of its own: node variant.mjs NAME ARGUMENTS, where the arguments are JSON; its answer is a line of JSON.
import { chart } from "./variants/charts";
import { bareFollow, followLatency, growByOnePercent } from "./variants/following";
import { dagreLevel, dagreWhole, graphExpand, graphFirstPicture } from "./variants/graphs";
import { idleFollowing } from "./variants/idle";
import { jsonIndex, listIndex } from "./variants/listing";
import { checksumPass, readerLoad, readerMemory } from "./variants/loading";
import { profiledStep, tappedStep, tracedRun, untappedStep } from "./variants/recording";
import { trainingStep } from "./variants/training";
import { pbfLoad, protobufjsLoad } from "./variants/peers";
import { sequentialRead, verifyCheckpoint } from "./variants/verifying";
import { writeBursts } from "./variants/writer";
import type { Measured, VariantArguments } from "./measured";

/** All that can be measured, by name. */
const variants = {
  readerLoad, readerMemory, checksumPass, protobufjsLoad, pbfLoad, growByOnePercent, followLatency, bareFollow, writeBursts,
  verifyCheckpoint, sequentialRead, listIndex, jsonIndex, idleFollowing, trainingStep, tappedStep, untappedStep, tracedRun, profiledStep, chart, graphFirstPicture, graphExpand, dagreWhole, dagreLevel,
} satisfies Record<string, (options: VariantArguments) => Promise<Measured>>;

const [name = "", options = "{}"] = process.argv.slice(2);
const found = Object.entries(variants).find(([known]) => known === name);
if (!found) throw new Error(`there is no variant ${name}`);
console.log(JSON.stringify(await found[1](JSON.parse(options) as VariantArguments)));
