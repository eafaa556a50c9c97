// The payload of one record of an event file as an event.
import { WireReader } from "../bytes/wireReader";
import { readSummary } from "./decodeSummary";
import { sessionStatuses, type Event, type EventContent, type SummaryValue } from "./event";

/** Reads an event. Graphs, media and tensors are views into `payload`. Throws FormatError for damage and for a step beyond 2^53. */
export function decodeEvent(payload: Uint8Array): Event {
  const reader = new WireReader(payload);
  let wallTimeSeconds = 0;
  let step = 0;
  let writer = "";
  const values: SummaryValue[] = [];
  let what: EventContent = { kind: "nothing" };
  while (reader.next()) {
    switch (reader.field) {
      case 1: wallTimeSeconds = reader.double(); break;
      case 2: step = reader.safeInteger("a step"); break;
      case 3: what = { kind: "fileVersion", version: reader.string() }; break;
      case 4: what = { kind: "graph", bytes: reader.bytes() }; break;
      case 5:
        readSummary(reader.message(), values);
        what = { kind: "summary", values };
        break;
      case 6: what = readLog(reader.message()); break;
      case 7: what = readSessionLog(reader.message()); break;
      case 8: what = readRunMetadata(reader.message()); break;
      case 9: what = { kind: "metaGraph", bytes: reader.bytes() }; break;
      case 10: writer = readWriter(reader.message()); break;
      default: reader.skip();
    }
  }
  return { wallTimeSeconds, step, what: what.kind === "fileVersion" && writer ? { ...what, writer } : what };
}

function readLog(reader: WireReader): EventContent {
  let level = 0;
  let message = "";
  while (reader.next()) {
    if (reader.field === 1) level = reader.int32();
    else if (reader.field === 2) message = reader.string();
    else reader.skip();
  }
  return { kind: "log", level, message };
}

function readSessionLog(reader: WireReader): EventContent {
  let status = 0;
  let checkpointPath = "";
  let message = "";
  while (reader.next()) {
    if (reader.field === 1) status = reader.int32();
    else if (reader.field === 2) checkpointPath = reader.string();
    else if (reader.field === 3) message = reader.string();
    else reader.skip();
  }
  return { kind: "sessionLog", status: sessionStatuses[status] ?? "unspecified", checkpointPath, message };
}

function readRunMetadata(reader: WireReader): EventContent {
  let tag = "";
  let bytes: Uint8Array = new Uint8Array();
  while (reader.next()) {
    if (reader.field === 1) tag = reader.string();
    else if (reader.field === 2) bytes = reader.bytes();
    else reader.skip();
  }
  return { kind: "runMetadata", tag, bytes };
}

function readWriter(reader: WireReader): string {
  let writer = "";
  while (reader.next()) {
    if (reader.field === 1) writer = reader.string();
    else reader.skip();
  }
  return writer;
}
