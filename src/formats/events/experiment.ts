// The experiment's description that the hparams plugin keeps (plugins/hparams/api.proto).
import type { Experiment, HyperparameterInfo, HyperparameterValue, MetricInfo } from "#model/hyperparameters";
import { WireReader } from "../bytes/wireReader";
import { readPluginValue } from "./hyperparameters";

const types = [undefined, "string", "bool", "float64"] as const;
const datasets = [undefined, "training", "validation"] as const;

/** The description in a HParamsPluginData; undefined for what a session tells. Throws FormatError. */
export function decodeExperiment(content: Uint8Array): Experiment | undefined {
  const reader = new WireReader(content);
  let experiment: Experiment | undefined;
  while (reader.next()) {
    if (reader.field === 2) experiment = readExperiment(reader.message());
    else reader.skip();
  }
  return experiment;
}

function readExperiment(reader: WireReader): Experiment {
  const texts = { name: "", description: "", user: "" };
  let createdSeconds = 0;
  const hyperparameters: HyperparameterInfo[] = [];
  const metrics: MetricInfo[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1: texts.description = reader.string(); break;
      case 2: texts.user = reader.string(); break;
      case 3: createdSeconds = reader.double(); break;
      case 4: hyperparameters.push(readHyperparameter(reader.message())); break;
      case 5: metrics.push(readMetric(reader.message())); break;
      case 6: texts.name = reader.string(); break;
      default: reader.skip();
    }
  }
  return { ...given(texts), ...(createdSeconds !== 0 && { createdSeconds }), hyperparameters, metrics };
}

function readHyperparameter(reader: WireReader): HyperparameterInfo {
  const texts = { displayName: "", description: "" };
  let name = "";
  let type: HyperparameterInfo["type"];
  let domain: Pick<HyperparameterInfo, "values" | "interval"> = {};
  while (reader.next()) {
    switch (reader.field) {
      case 1: name = reader.string(); break;
      case 2: texts.displayName = reader.string(); break;
      case 3: texts.description = reader.string(); break;
      case 4: type = types[reader.int32()]; break;
      case 5: domain = { values: readList(reader.message()) }; break;
      case 6: domain = { interval: readInterval(reader.message()) }; break;
      default: reader.skip();
    }
  }
  return { name, ...given(texts), ...(type && { type }), ...domain };
}

function readMetric(reader: WireReader): MetricInfo {
  const texts = { group: "", displayName: "", description: "" };
  let tag = "";
  let dataset: MetricInfo["dataset"];
  const readName = (name: WireReader): void => {
    while (name.next()) {
      if (name.field === 1) texts.group = name.string();
      else if (name.field === 2) tag = name.string();
      else name.skip();
    }
  };
  while (reader.next()) {
    switch (reader.field) {
      case 1: readName(reader.message()); break;
      case 3: texts.displayName = reader.string(); break;
      case 4: texts.description = reader.string(); break;
      case 5: dataset = datasets[reader.int32()]; break;
      default: reader.skip();
    }
  }
  return { tag, ...given(texts), ...(dataset && { dataset }) };
}

/** A google.protobuf.ListValue. */
function readList(reader: WireReader): HyperparameterValue[] {
  const values: HyperparameterValue[] = [];
  while (reader.next()) {
    if (reader.field === 1) values.push(readPluginValue(reader.message()));
    else reader.skip();
  }
  return values;
}

function readInterval(reader: WireReader): { readonly min: number; readonly max: number } {
  let [min, max] = [0, 0];
  while (reader.next()) {
    if (reader.field === 1) min = reader.double();
    else if (reader.field === 2) max = reader.double();
    else reader.skip();
  }
  return { min, max };
}

/** Those texts that are not empty. */
function given<Name extends string>(texts: Readonly<Record<Name, string>>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")) as Partial<Record<Name, string>>;
}
