// Events as bytes: the payload of one record, fields in the order in which TensorFlow writes them.
import { WireWriter } from "../bytes/wireWriter";
import { writeSummary } from "./encodeSummary";
import { sessionStatuses, type Event, type EventContent } from "./event";

/** The version that the first record of every file names. */
export const eventFileVersion = "brain.Event:2";

/** The payload of an event's record (SY-12). A step that is not a safe integer is our mistake, not the file's. */
export function encodeEvent({ wallTimeSeconds, step, what }: Event): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(step)) throw new RangeError(`a step is a whole number, not ${step}`);
  const writer = new WireWriter(what.kind === "graph" || what.kind === "metaGraph" ? what.bytes.length + 64 : 128);
  writer.doubleIfSet(1, wallTimeSeconds);
  writer.intIfSet(2, step);
  writeContent(writer, what);
  return writer.finish();
}

function writeContent(writer: WireWriter, what: EventContent): void {
  switch (what.kind) {
    case "fileVersion": {
      const name = what.writer;
      writer.string(3, what.version);
      if (name !== undefined) writer.message(10, (source) => source.stringIfSet(1, name));
      return;
    }
    case "graph": return writer.bytes(4, what.bytes);
    case "summary": return writer.message(5, (inner) => writeSummary(inner, what.values));
    case "log":
      return writer.message(6, (inner) => {
        inner.intIfSet(1, what.level);
        inner.stringIfSet(2, what.message);
      });
    case "sessionLog":
      return writer.message(7, (inner) => {
        inner.intIfSet(1, sessionStatuses.indexOf(what.status));
        inner.stringIfSet(2, what.checkpointPath);
        inner.stringIfSet(3, what.message);
      });
    case "runMetadata":
      return writer.message(8, (inner) => {
        inner.stringIfSet(1, what.tag);
        inner.bytesIfSet(2, what.bytes);
      });
    case "metaGraph": return writer.bytes(9, what.bytes);
    case "nothing": return;
  }
}
