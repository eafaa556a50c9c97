// One variant in a process of its own: node variant.mjs NAME ARGUMENTS, where the arguments are JSON; its answer is a line of JSON.
import type { Measured, VariantArguments } from "./measured";

type Variant = (options: VariantArguments) => Promise<Measured>;

/** All that can be measured, by name. Only the file of the wanted one is loaded: what the others bring along is not to be measured. */
const variants: Readonly<Record<string, () => Promise<Variant>>> = {
  chart: async () => (await import("./variants/charts")).chart,
  bareFollow: async () => (await import("./variants/following")).bareFollow,
  compareCheckpoints: async () => (await import("./variants/comparing")).compareCheckpoints,
  followLatency: async () => (await import("./variants/following")).followLatency,
  growByOnePercent: async () => (await import("./variants/following")).growByOnePercent,
  dagreLevel: async () => (await import("./variants/graphs")).dagreLevel,
  dagreWhole: async () => (await import("./variants/graphs")).dagreWhole,
  graphExpand: async () => (await import("./variants/graphs")).graphExpand,
  graphFirstPicture: async () => (await import("./variants/graphs")).graphFirstPicture,
  idleFollowing: async () => (await import("./variants/idle")).idleFollowing,
  jsonIndex: async () => (await import("./variants/listing")).jsonIndex,
  listIndex: async () => (await import("./variants/listing")).listIndex,
  checksumPass: async () => (await import("./variants/loading")).checksumPass,
  readerLoad: async () => (await import("./variants/loading")).readerLoad,
  readerMemory: async () => (await import("./variants/loading")).readerMemory,
  profiledStep: async () => (await import("./variants/recording")).profiledStep,
  tappedStep: async () => (await import("./variants/recording")).tappedStep,
  tracedRun: async () => (await import("./variants/recording")).tracedRun,
  untappedStep: async () => (await import("./variants/recording")).untappedStep,
  trainingStep: async () => (await import("./variants/training")).trainingStep,
  pbfLoad: async () => (await import("./variants/peers")).pbfLoad,
  protobufjsLoad: async () => (await import("./variants/peers")).protobufjsLoad,
  sequentialRead: async () => (await import("./variants/verifying")).sequentialRead,
  verifyCheckpoint: async () => (await import("./variants/verifying")).verifyCheckpoint,
  writeBursts: async () => (await import("./variants/writer")).writeBursts,
};

const [name = "", options = "{}"] = process.argv.slice(2);
const load = variants[name];
if (!load) throw new Error(`there is no variant ${name}`);
const variant = await load();
console.log(JSON.stringify(await variant(JSON.parse(options) as VariantArguments)));
