// An event file with one of everything that our FileWriter and our codecs can say.
import { encodeUtf8 } from "#formats/bytes/utf8";
import type { SummaryValue } from "#formats/events/event";
import { encodeGraphDef } from "#formats/graphDef/graphDef";
import { encodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { encodePng } from "#runtime/summaries/encodePng";
import { FileWriter } from "#runtime/summaries/fileWriter";
import { histogramOf } from "#runtime/summaries/histogram";
import { systemClock } from "#runtime/training/clock";
import { Random } from "../support/random";
import { madeGraph, madeMetaGraph } from "./graphs";
import { hex, jsonNumber } from "./values";

type Point = readonly [step: number, value: number | string];

/** What TensorBoard must list. Pixels are row by row, channels interleaved. */
export interface ExpectedEvents {
  readonly scalars: Readonly<Record<string, readonly Point[]>>;
  readonly tensorScalars: Readonly<Record<string, readonly Point[]>>;
  readonly images: Readonly<Record<string, { readonly width: number; readonly height: number; readonly channels: number; readonly pixels: string }>>;
  readonly histograms: Readonly<Record<string, { readonly values: readonly number[]; readonly limits: readonly number[]; readonly counts: readonly number[] }>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly graphNodes: number;
  readonly sessionLogs: readonly (readonly [step: number, status: number, path: string, message: string])[];
}

export async function writeEvents(dir: string): Promise<ExpectedEvents> {
  const random = new Random(12);
  let seconds = 1_700_000_000;
  const writer = new FileWriter(dir, { filenameSuffix: ".interop", clock: { ...systemClock, nowSeconds: () => (seconds += 0.125) } });
  writer.addGraphDef(encodeGraphDef(madeGraph));
  writer.addMetaGraph(encodeMetaGraphDef(madeMetaGraph));
  writer.addSessionLog({ status: "start" });
  const scalars: Record<string, Point[]> = { "loss/größe 模型": [], "odd values": [] };
  const tensorScalars: Record<string, Point[]> = { "v2 accuracy": [] };
  const add = (step: number, values: readonly SummaryValue[]): void => writer.addSummary(values, step);
  for (let step = 0; step < 300; step++) {
    const [loss, odd, accuracy] = [random.unit(), random.pick([NaN, Infinity, -Infinity, 1e-45, 3.4e38, -0]), random.unit()].map(Math.fround) as [number, number, number];
    add(step * 10, [{ tag: "loss/größe 模型", value: { kind: "simple", value: loss } }, { tag: "odd values", value: { kind: "simple", value: odd } }]);
    const metadata = { pluginName: "scalars", pluginContent: new Uint8Array(), displayName: "Accuracy", description: "of all", dataClass: 1 };
    add(step * 10, [{ tag: "v2 accuracy", metadata, value: { kind: "tensor", tensor: { dtype: 1, shape: [], values: [accuracy] } } }]);
    scalars["loss/größe 模型"]?.push([step * 10, jsonNumber(loss)]);
    scalars["odd values"]?.push([step * 10, jsonNumber(odd)]);
    tensorScalars["v2 accuracy"]?.push([step * 10, jsonNumber(accuracy)]);
  }
  writer.addSessionLog({ status: "checkpoint", checkpointPath: "/logs/model-3000" }, 3000);
  const text = "# A text with *marks* and 模型";
  const textMetadata = { pluginName: "text", pluginContent: new Uint8Array(), displayName: "", description: "", dataClass: 2 };
  add(3000, [{ tag: "note", metadata: textMetadata, value: { kind: "tensor", tensor: { dtype: 7, shape: [1], values: [encodeUtf8(text)] } } }]);
  const images = await addImages(random, add);
  const histograms = addHistograms(random, add);
  writer.addSessionLog({ status: "stop" }, 3001);
  await writer.close();
  return {
    scalars, tensorScalars, images, histograms, texts: { note: text }, graphNodes: madeGraph.nodes.length,
    sessionLogs: [[0, 1, "", ""], [3000, 3, "/logs/model-3000", ""], [3001, 2, "", ""]],
  };
}

type Add = (step: number, values: readonly SummaryValue[]) => void;

async function addImages(random: Random, add: Add): Promise<ExpectedEvents["images"]> {
  const images: Record<string, ExpectedEvents["images"][string]> = {};
  for (const channels of [1, 3, 4]) {
    const size = { width: 5 + channels, height: 3 };
    const bytes = random.bytes(size.width * size.height * channels);
    const encoded = await encodePng({ ...size, channels, bytes });
    add(3000, [{ tag: `image of ${channels}`, value: { kind: "image", ...size, colorspace: channels, encoded } }]);
    images[`image of ${channels}`] = { ...size, channels, pixels: hex(bytes) };
  }
  return images;
}

function addHistograms(random: Random, add: Add): ExpectedEvents["histograms"] {
  const samples = { weights: Array.from({ length: 500 }, () => (random.unit() - 0.5) * 10 ** random.below(6)), constant: [2, 2, 2], nothing: [] };
  return Object.fromEntries(Object.entries(samples).map(([tag, values]) => {
    const content = histogramOf(tag, values);
    add(3000, [{ tag, value: content }]);
    const { limits, counts, min, max, num, sum, sumSquares } = content;
    return [tag, { values: [min, max, num, sum, sumSquares], limits: [...limits], counts: [...counts] }];
  }));
}
