// What our readers and our library find in the folders that the samples left: the same questions that are put to TensorFlow and TensorBoard.
import { join } from "node:path";
import { decodePng, importMetaGraph, resetDefaultGraph, Session } from "#runtime/index";
import { encodePng } from "#runtime/summaries/encodePng";
import { computed, type Computed, type Question } from "./computed";
import { sampleFacts, type SampleFacts } from "./sampleFacts";

/** A run of a sample, and what its graph computes. */
export type SampleRun = SampleFacts & { readonly computed?: Computed };

/** An exported generator: a picture as web-safe base64, and the bytes of the picture that it makes of it. */
export interface ExportedPicture {
  readonly prefix: string;
  readonly input: string;
  readonly shape: readonly number[];
  readonly bytes: readonly number[];
}

const questions: Readonly<Record<string, Question>> = {
  pix2pix: {
    fed: ["batch/Reshape:0", "batch/Reshape_1:0"],
    asked: ["generator/decoder_1/Tanh:0", "discriminator_loss/Mean:0", "generator_loss/Mean:0", "generator_loss/Mean_1:0"],
    step: "group_deps",
  },
  classifier: { fed: ["train/IteratorGetNext:0", "train/IteratorGetNext:1"], asked: ["classifier/dense/add:0", "loss/Neg:0"], step: "Adam" },
};

/** Every sample's run below `dir`, by the sample's name. */
export async function sampleRuns(dir: string, names: readonly string[]): Promise<Readonly<Record<string, SampleRun>>> {
  const runs: Record<string, SampleRun> = {};
  for (const name of names) {
    const facts = await sampleFacts(join(dir, name));
    const question = questions[name];
    runs[name] = { ...facts, ...(question && { computed: await computed(facts.prefix, question) }) };
  }
  return runs;
}

export async function exportedPicture(dir: string): Promise<ExportedPicture> {
  const prefix = join(dir, "export");
  const side = 32;
  const bytes = Uint8Array.from({ length: side * side * 3 }, (_, at) => 128 + 100 * Math.sin(at * 0.05));
  const input = Buffer.from(await encodePng({ width: side, height: side, channels: 3, bytes })).toString("base64url");
  resetDefaultGraph();
  const saver = importMetaGraph(`${prefix}.meta`);
  const session = new Session();
  await saver?.restore(session, prefix);
  const [text] = (await session.run("packed:0", { feeds: [["Placeholder:0", [input]]] })) as unknown as Uint8Array[];
  session.close();
  const picture = decodePng(Buffer.from(Buffer.from(text ?? []).toString("latin1"), "base64url"));
  return { prefix, input, shape: [picture.height, picture.width, 3], bytes: [...picture.bytes] };
}
