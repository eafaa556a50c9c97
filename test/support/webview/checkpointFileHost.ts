// A host for the page of one checkpoint file: reads made-up variables.
import { openChannel } from "#protocol/channel";
import type { CheckpointFileAsks, CheckpointFileTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { pageBorder, wantedCase } from "./fakeHost";
import { fakeSlice, fakeStatistics, fakeVariables } from "./fakeLooks";
import { fakeNow } from "./fakeMetric";

const which = wantedCase();
const variables = fakeVariables(which === "many" ? 10_000 : 0);
const problems = which === "broken" ? ["generator/encoder_3/conv2d/kernel: checksum 5c1f00d2 is not the 4b3e8a17 of the index, at byte 1,048,576 of model-12000.data-00000-of-00001."] : [];
const name = which === "long" ? "a-name/that-nobody/would-give-to-a-checkpoint-but-that-somebody-did/because-they-could/model-12000" : "model-12000";

const asks: CheckpointFileAsks = {
  open: async () => {
    if (which === "unreadable") throw new Error("model-12000.index is cut short at byte 4,096: the footer of the table is not there.");
    return { name, wallTimeSeconds: fakeNow() - 240, nowSeconds: fakeNow(), bytes: 48.4e6, inRun: true };
  },
  inspect: async ({ verify }) => ({ kind: "checkpoint", format: "V2", shards: 1, bytes: 48.4e6, endianness: "little", variables, verified: (verify && problems.length === 0) || undefined, problems }),
  statistics: async () => ({ variables: fakeStatistics(variables, { broken: which === "nan" }), problems: [] }),
  slice: async (wish) => fakeSlice(variables.find((one) => one.name === wish.name), wish),
  cancelTask: async () => undefined,
  exportVariables: async (wish) => console.log("exportVariables", JSON.stringify(wish)),
  showInRun: async () => console.log("showInRun"),
};
openChannel<HostSide<CheckpointFileAsks>, ViewSide<CheckpointFileTells>>(pageBorder(), { asks, tells: {} });
