// Curves of precision and recall, meshes and experiments in files that TensorBoard's writers made (fixtures: formats/plugins).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { decodeMeshPart } from "#formats/events/meshPart";
import { prCurveOf } from "#formats/events/prCurve";
import { RunReader } from "#host/reader/runReader";
import type { Experiment, HyperparameterInfo } from "#model/hyperparameters";
import type { MeshPart, PrCurve } from "#model/tagContents";
import type { RunContent } from "#protocol/readerApi";

const folder = new URL("../../fixtures/formats/plugins/", import.meta.url);

/** As TensorBoard's plugins answer. */
interface Expected {
  readonly prCurves?: Readonly<Record<string, Record<string, number[]> & { readonly step: number }>>;
  readonly meshes?: Readonly<Record<string, { readonly name: string; readonly contentType: string; readonly jsonConfig: string; readonly shape: number[]; readonly components: number }>>;
  readonly experiment?: {
    readonly description?: string;
    readonly user?: string;
    readonly timeCreatedSecs?: number;
    readonly hparamInfos: readonly (Record<string, string> & { readonly domainDiscrete?: never[]; readonly domainInterval?: { readonly minValue: number; readonly maxValue: number } })[];
    readonly metricInfos: readonly (Record<string, string> & { readonly name: { readonly group?: string; readonly tag: string } })[];
  };
}

const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<string, Expected>;

async function contentOf(name: string): Promise<RunContent> {
  const reader = new RunReader(fileURLToPath(new URL(name, folder)), () => undefined);
  await reader.refresh();
  return reader.content();
}

describe.each(Object.entries(expected))("%s says what TensorBoard says", (name, wanted) => {
  test("of its curves", async () => {
    const found = (await contentOf(name)).tags.flatMap(({ tag, prCurve }) => (prCurve ? [[tag, prCurve] as const] : []));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.entries(wanted.prCurves ?? {}).map(([tag, curve]) => [tag, curveOf(curve)])));
  });
  test("of its meshes", async () => {
    const found = (await contentOf(name)).tags.flatMap(({ tag, mesh }) => (mesh ? [[tag, mesh] as const] : []));
    const parts = Object.entries(wanted.meshes ?? {}).map(([tag, part]): [string, MeshPart] => [tag, {
      name: part.name, config: part.jsonConfig, shape: part.shape, content: ({ VERTEX: "vertices", FACE: "faces", COLOR: "colors" } as const)[part.contentType] ?? "undefined",
      components: part.components === 14 ? ["vertices", "faces", "colors"] : [],
    }]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(parts));
  });
  test("of its experiment", async () => {
    expect((await contentOf(name)).experiment).toEqual(experimentOf(wanted.experiment));
  });
});

function curveOf({ step, thresholds = [], precision = [], recall = [], ...counts }: NonNullable<Expected["prCurves"]>[string]): PrCurve {
  const { true_positives = [], false_positives = [], true_negatives = [], false_negatives = [] } = counts;
  return { step, thresholds, precision, recall, truePositives: true_positives, falsePositives: false_positives, trueNegatives: true_negatives, falseNegatives: false_negatives };
}

const types: Readonly<Record<string, HyperparameterInfo["type"]>> = { DATA_TYPE_STRING: "string", DATA_TYPE_BOOL: "bool", DATA_TYPE_FLOAT64: "float64" };

function experimentOf(wanted: Expected["experiment"]): Experiment | undefined {
  if (!wanted) return undefined;
  const { hparamInfos, metricInfos, timeCreatedSecs, ...texts } = wanted;
  return {
    ...texts, ...(timeCreatedSecs !== undefined && { createdSeconds: timeCreatedSecs }),
    hyperparameters: hparamInfos.map(({ type = "", domainDiscrete, domainInterval, name = "", ...info }) => ({
      name, ...info, type: types[type],
      ...(domainDiscrete && { values: domainDiscrete }), ...(domainInterval && { interval: { min: domainInterval.minValue, max: domainInterval.maxValue } }),
    })),
    metrics: metricInfos.map(({ name, datasetType, ...info }) => ({ ...name, ...info, ...(datasetType === "DATASET_VALIDATION" && { dataset: "validation" as const }) })),
  };
}

test.each([["of five rows", [5, 3]], ["without a threshold", [6, 0]], ["of rank 1", [6]], ["that claims a million thresholds", [6, 1_000_000]]])("a curve %s is refused", (_, shape) => {
  expect(() => prCurveOf({ dtype: 1, shape, values: [1] })).toThrow(FormatError);
});
test("a mesh of before there was the set of components has all of them; a cut one is refused", () => {
  expect(decodeMeshPart(Uint8Array.of(0x12, 1, 0x6d, 0x18, 2))).toEqual({ name: "m", content: "faces", shape: [], components: ["vertices", "faces", "colors"] });
  expect(() => decodeMeshPart(Uint8Array.of(0x12, 9, 0x6d))).toThrow(FormatError);
});
