// Export: the generator alone as a graph that takes and gives pictures as base64, with its weights.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  convertImageToBytes,
  decodeBase64,
  decodePngTensor,
  encodeBase64,
  encodeJpeg,
  encodePng,
  getDefaultGraph,
  globalVariablesInitializer,
  identityStrings,
  placeholder,
  reshapeStrings,
  Saver,
  Session,
  tensorName,
  variableScope,
} from "trainscope";
import { deprocess, preprocess } from "./examples";
import { createGenerator } from "./model";
import type { Options } from "./options";

const jpegQuality = 80;

/** Builds the graph, restores the generator's variables from `checkpoint` and writes meta graph and weights. */
export async function exportGenerator(options: Options, checkpoint: string): Promise<void> {
  buildServing(options);
  globalVariablesInitializer();
  const restoreSaver = new Saver();
  const exportSaver = new Saver({ saveRelativePaths: true });
  const session = new Session();
  try {
    console.log("loading model from checkpoint");
    await restoreSaver.restore(session, checkpoint);
    console.log("exporting model");
    mkdirSync(options.output_dir, { recursive: true });
    await exportSaver.save(session, join(options.output_dir, "export"));
  } finally {
    session.close();
  }
}

/** As the original's: a string in, a string out, and a key that is passed through; collections tell the tensors' names. */
function buildServing(options: Options): void {
  const { size } = options;
  const input = placeholder<tf.Rank.R1>("string", { shape: [1] });
  const picture = decodePngTensor(decodeBase64(reshapeStrings(input, [])), { height: size, width: size });
  const batch = tf.expandDims(tf.mul(tf.cast(picture, "float32"), 1 / 255), 0) as tf.Tensor4D;
  const outputs = variableScope("generator", () => deprocess(createGenerator(preprocess(batch) as tf.Tensor4D, 3, options)));
  const image = tf.squeeze<tf.Tensor3D>(convertImageToBytes(outputs), [0]);
  const data = options.output_filetype === "png" ? encodePng(image) : encodeJpeg(image, { quality: jpegQuality });
  const output = reshapeStrings(encodeBase64(data), [1], { name: "packed" });
  const key = placeholder<tf.Rank.R1>("string", { shape: [1] });

  const graph = getDefaultGraph();
  graph.addToCollection("inputs", json({ key: tensorName(key), input: tensorName(input) }));
  graph.addToCollection("outputs", json({ key: tensorName(identityStrings(key)), output: tensorName(output) }));
}

/** As Python prints it. */
function json(names: Readonly<Record<string, string>>): string {
  return `{${Object.entries(names).map(([name, tensor]) => `${JSON.stringify(name)}: ${JSON.stringify(tensor)}`).join(", ")}}`;
}
