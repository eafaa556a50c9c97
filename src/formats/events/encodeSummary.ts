// Summaries as bytes, fields in the order in which TensorFlow writes them.
import { WireWriter } from "../bytes/wireWriter";
import { writeTensorProto } from "../tensor/tensorProto";
import type { AudioContent, HistogramContent, SummaryMetadata, SummaryValue } from "./event";

/** Bytes of a Summary message: what a merged summary operation yields. */
export function encodeSummary(values: readonly SummaryValue[]): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeSummary(writer, values);
  return writer.finish();
}

/** Bytes of a SummaryMetadata message, as an operation of a graph holds it. */
export function encodeSummaryMetadata(metadata: SummaryMetadata): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeMetadata(writer, metadata);
  return writer.finish();
}

/** Writes the fields of a Summary message. */
export function writeSummary(writer: WireWriter, values: readonly SummaryValue[]): void {
  for (const value of values) writer.message(1, (inner) => writeValue(inner, value));
}

function writeValue(writer: WireWriter, { tag, metadata, value }: SummaryValue): void {
  writer.stringIfSet(1, tag);
  switch (value.kind) {
    case "simple": writer.float(2, value.value); break;
    case "oldHistogram": writer.bytes(3, value.bytes); break;
    case "image":
      writer.message(4, (image) => {
        image.intIfSet(1, value.height);
        image.intIfSet(2, value.width);
        image.intIfSet(3, value.colorspace);
        image.bytesIfSet(4, value.encoded);
      });
      break;
    case "histogram": writer.message(5, (inner) => writeHistogram(inner, value)); break;
    case "audio": writer.message(6, (inner) => writeAudio(inner, value)); break;
    case "tensor": writer.message(8, (inner) => writeTensorProto(inner, value.tensor)); break;
    case "none": break;
  }
  if (metadata) writer.message(9, (inner) => writeMetadata(inner, metadata));
}

function writeHistogram(writer: WireWriter, { min, max, num, sum, sumSquares, limits, counts }: HistogramContent): void {
  for (const [at, value] of [min, max, num, sum, sumSquares].entries()) writer.doubleIfSet(at + 1, value);
  for (const [field, list] of [[6, limits], [7, counts]] as const) {
    if (list.length === 0) continue;
    writer.message(field, (packed) => {
      for (const value of list) packed.rawDouble(value);
    });
  }
}

function writeAudio(writer: WireWriter, { sampleRate, channels, frames, encoded, contentType }: AudioContent): void {
  writer.floatIfSet(1, sampleRate);
  writer.intIfSet(2, channels);
  writer.intIfSet(3, frames);
  writer.bytesIfSet(4, encoded);
  writer.stringIfSet(5, contentType);
}

function writeMetadata(writer: WireWriter, metadata: SummaryMetadata): void {
  writer.message(1, (plugin) => {
    plugin.stringIfSet(1, metadata.pluginName);
    plugin.bytesIfSet(2, metadata.pluginContent);
  });
  writer.stringIfSet(2, metadata.displayName);
  writer.stringIfSet(3, metadata.description);
  writer.intIfSet(4, metadata.dataClass);
}
