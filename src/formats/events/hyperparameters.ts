// Content of the hparams plugin: what a session tells when it starts and when it ends (plugins/hparams/plugin_data.proto).
import type { Hyperparameters, HyperparameterValue } from "#model/hyperparameters";
import { WireReader } from "../bytes/wireReader";

const statuses = [undefined, "success", "failure", "running"] as const;

/** The part that a HParamsPluginData tells of its session; nothing for an experiment's description. Throws FormatError. */
export function decodeHyperparameters(content: Uint8Array): Hyperparameters {
  const reader = new WireReader(content);
  let told: Hyperparameters = {};
  while (reader.next()) {
    if (reader.field === 3) told = { ...told, ...readStart(reader.message()) };
    else if (reader.field === 4) told = { ...told, ...readEnd(reader.message()) };
    else reader.skip();
  }
  return told;
}

function readStart(reader: WireReader): Hyperparameters {
  const values = new Map<string, HyperparameterValue>();
  let group = "";
  let startedSeconds = 0;
  while (reader.next()) {
    switch (reader.field) {
      case 1: readEntry(reader.message(), values); break;
      case 4: group = reader.string(); break;
      case 5: startedSeconds = reader.double(); break;
      default: reader.skip();
    }
  }
  return {
    values: Array.from(values, ([name, value]) => ({ name, value })),
    ...(group && { group }), ...(startedSeconds !== 0 && { startedSeconds }),
  };
}

function readEnd(reader: WireReader): Hyperparameters {
  let status: Hyperparameters["status"];
  let endedSeconds = 0;
  while (reader.next()) {
    if (reader.field === 1) status = statuses[reader.int32()];
    else if (reader.field === 2) endedSeconds = reader.double();
    else reader.skip();
  }
  return { ...(status && { status }), ...(endedSeconds !== 0 && { endedSeconds }) };
}

/** An entry of the map; a name that stands twice has its last value. */
function readEntry(reader: WireReader, values: Map<string, HyperparameterValue>): void {
  let name = "";
  let value: HyperparameterValue = null;
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) value = readPluginValue(reader.message());
    else reader.skip();
  }
  values.set(name, value);
}

/** A google.protobuf.Value; lists and structures are null. */
export function readPluginValue(reader: WireReader): HyperparameterValue {
  let value: HyperparameterValue = null;
  while (reader.next()) {
    switch (reader.field) {
      case 2: value = reader.double(); break;
      case 3: value = reader.string(); break;
      case 4: value = reader.bool(); break;
      default:
        value = null;
        reader.skip();
    }
  }
  return value;
}
