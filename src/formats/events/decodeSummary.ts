// Bytes of a Summary message as values.
import { WireReader } from "../bytes/wireReader";
import { readTensorProto } from "../tensor/tensorProto";
import type { AudioContent, HistogramContent, SummaryContent, SummaryMetadata, SummaryValue } from "./event";

/** The values of a Summary message. Media and tensors are views into `bytes`. */
export function decodeSummary(bytes: Uint8Array): SummaryValue[] {
  const values: SummaryValue[] = [];
  readSummary(new WireReader(bytes), values);
  return values;
}

/** Reads a Summary's fields; a summary that stands several times is one. */
export function readSummary(reader: WireReader, values: SummaryValue[]): void {
  while (reader.next()) {
    if (reader.field === 1) values.push(readValue(reader.message()));
    else reader.skip();
  }
}

/** A value without a tag is known by its obsolete node name. */
function readValue(reader: WireReader): SummaryValue {
  let tag = "";
  let nodeName = "";
  let metadata: SummaryMetadata | undefined;
  let value: SummaryContent = { kind: "none" };
  while (reader.next()) {
    switch (reader.field) {
      case 1: tag = reader.string(); break;
      case 2: value = { kind: "simple", value: reader.float() }; break;
      case 3: value = { kind: "oldHistogram", bytes: reader.bytes() }; break;
      case 4: value = readImage(reader.message()); break;
      case 5: value = readHistogram(reader.message()); break;
      case 6: value = readAudio(reader.message()); break;
      case 7: nodeName = reader.string(); break;
      case 8: value = { kind: "tensor", tensor: readTensorProto(reader.message()) }; break;
      case 9: metadata = readMetadata(reader.message()); break;
      default: reader.skip();
    }
  }
  return { tag: tag || nodeName, ...(metadata && { metadata }), value };
}

function readImage(reader: WireReader): SummaryContent {
  const image = { height: 0, width: 0, colorspace: 0 };
  let encoded: Uint8Array = new Uint8Array();
  while (reader.next()) {
    switch (reader.field) {
      case 1: image.height = reader.int32(); break;
      case 2: image.width = reader.int32(); break;
      case 3: image.colorspace = reader.int32(); break;
      case 4: encoded = reader.bytes(); break;
      default: reader.skip();
    }
  }
  return { kind: "image", ...image, encoded };
}

function readHistogram(reader: WireReader): HistogramContent {
  const facts = { min: 0, max: 0, num: 0, sum: 0, sumSquares: 0 };
  const limits: number[] = [];
  const counts: number[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1: facts.min = reader.double(); break;
      case 2: facts.max = reader.double(); break;
      case 3: facts.num = reader.double(); break;
      case 4: facts.sum = reader.double(); break;
      case 5: facts.sumSquares = reader.double(); break;
      case 6: reader.doubles(limits); break;
      case 7: reader.doubles(counts); break;
      default: reader.skip();
    }
  }
  return { kind: "histogram", ...facts, limits: Float64Array.from(limits), counts: Float64Array.from(counts) };
}

function readAudio(reader: WireReader): AudioContent {
  const facts = { sampleRate: 0, channels: 0, frames: 0, contentType: "" };
  let encoded: Uint8Array = new Uint8Array();
  while (reader.next()) {
    switch (reader.field) {
      case 1: facts.sampleRate = reader.float(); break;
      case 2: facts.channels = reader.safeInteger("a number of channels"); break;
      case 3: facts.frames = reader.safeInteger("a number of frames"); break;
      case 4: encoded = reader.bytes(); break;
      case 5: facts.contentType = reader.string(); break;
      default: reader.skip();
    }
  }
  return { kind: "audio", ...facts, encoded };
}

/** Reads the bytes of a SummaryMetadata message. */
export function decodeSummaryMetadata(bytes: Uint8Array): SummaryMetadata {
  return readMetadata(new WireReader(bytes));
}

function readMetadata(reader: WireReader): SummaryMetadata {
  let plugin = { pluginName: "", pluginContent: new Uint8Array() as Uint8Array };
  let displayName = "";
  let description = "";
  let dataClass = 0;
  while (reader.next()) {
    switch (reader.field) {
      case 1: plugin = readPlugin(reader.message()); break;
      case 2: displayName = reader.string(); break;
      case 3: description = reader.string(); break;
      case 4: dataClass = reader.int32(); break;
      default: reader.skip();
    }
  }
  return { ...plugin, displayName, description, dataClass };
}

function readPlugin(reader: WireReader): Pick<SummaryMetadata, "pluginName" | "pluginContent"> {
  let pluginName = "";
  let pluginContent: Uint8Array = new Uint8Array();
  while (reader.next()) {
    if (reader.field === 1) pluginName = reader.string();
    else if (reader.field === 2) pluginContent = reader.bytes();
    else reader.skip();
  }
  return { pluginName, pluginContent };
}
