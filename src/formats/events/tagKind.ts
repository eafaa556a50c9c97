// Which plugin a tag belongs to, decided by its first value in a run (formats 6).
import type { TagKind } from "#model/scalars";
import { scalarOfTensor } from "../tensor/tensorValues";
import type { SummaryContent, SummaryValue } from "./event";

/** What a tag is. `plugin` is TensorBoard's name, or empty where nobody claims the tag. */
export interface TagClass {
  readonly plugin: string;
  readonly kind: TagKind;
  /** TensorBoard's data class: 0 unknown, 1 scalar, 2 tensor, 3 blob sequence. */
  readonly dataClass: number;
}

const plugins: Readonly<Record<string, TagClass>> = {
  scalars: { plugin: "scalars", kind: "scalar", dataClass: 1 },
  histograms: { plugin: "histograms", kind: "histogram", dataClass: 2 },
  text: { plugin: "text", kind: "text", dataClass: 2 },
  hparams: { plugin: "hparams", kind: "hparams", dataClass: 2 },
  pr_curves: { plugin: "pr_curves", kind: "prCurve", dataClass: 2 },
  mesh: { plugin: "mesh", kind: "mesh", dataClass: 2 },
  custom_scalars: { plugin: "custom_scalars", kind: "other", dataClass: 2 },
  images: { plugin: "images", kind: "image", dataClass: 3 },
  audio: { plugin: "audio", kind: "audio", dataClass: 3 },
  graph_run_metadata: { plugin: "graph_run_metadata", kind: "other", dataClass: 3 },
  graph_run_metadata_graph: { plugin: "graph_run_metadata_graph", kind: "other", dataClass: 3 },
  graph_keras_model: { plugin: "graph_keras_model", kind: "other", dataClass: 3 },
};

const pluginOfOldValue: Partial<Record<SummaryContent["kind"], string>> = {
  simple: "scalars", image: "images", audio: "audio", histogram: "histograms",
};

const kindOfDataClass: readonly TagKind[] = ["other", "scalar", "tensor", "other"];

/** Decides from the first value of a tag in a run; later values do not change it. */
export function tagKind({ metadata, value }: SummaryValue): TagClass {
  const name = metadata?.pluginName ?? "";
  const known = plugins[name];
  if (metadata && metadata.dataClass !== 0) {
    return { plugin: name, kind: known?.kind ?? kindOfDataClass[metadata.dataClass] ?? "other", dataClass: metadata.dataClass };
  }
  const old = plugins[pluginOfOldValue[value.kind] ?? ""];
  if (old) return old;
  return known ?? { plugin: name, kind: value.kind === "tensor" ? "tensor" : "other", dataClass: 0 };
}

/** The number of a scalar's value: any real type, rank 0 or shape [1]; undefined for what is no scalar. */
export function asScalar(content: SummaryContent): number | undefined {
  if (content.kind === "simple") return content.value;
  return content.kind === "tensor" ? scalarOfTensor(content.tensor) : undefined;
}
