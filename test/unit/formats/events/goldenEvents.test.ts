// Event files written by TensorFlow, tensorboardX and by hand: every record as TensorFlow's own reader sees it.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { decodeEvent } from "#formats/events/decodeEvent";
import { encodeEvent } from "#formats/events/encodeEvent";
import { ScalarEvents } from "#formats/events/scalarEvents";
import { asScalar } from "#formats/events/tagKind";
import { encodeRecord } from "#formats/records/encodeRecord";
import { RecordScanner, type RecordRead } from "#formats/records/recordScanner";
import { seenRecord, wantedRecord, type ExpectedRecord } from "../../../conformance/eventFacts";
import { golden, jsonOf } from "../golden";

interface ExpectedFile { size: number; readable_bytes: number; error?: object; records?: ExpectedRecord[] }

const files = golden("events");
const cases = [...files.keys()].filter((path) => path.endsWith(".expected.json") && path !== "expected.json");
const eventFiles = cases.flatMap((path) => {
  const { files: expected } = jsonOf<{ files: Record<string, ExpectedFile> }>(files, path);
  const folder = path.replace(".expected.json", "");
  return Object.entries(expected).flatMap(([name, file]) => (file.records ? [{ name: `${folder}/${name}`, file, records: file.records }] : []));
});

test("there are event files to compare with", () => {
  expect(eventFiles.length).toBeGreaterThan(60);
});

describe.each(eventFiles)("$name", ({ name, file, records }) => {
  const bytes = files.get(name) ?? new Uint8Array();

  test("every record that TensorFlow reads is read the same", () => {
    const found = readAll([bytes]).flatMap((read) => (read.kind === "record" && read.offset < file.readable_bytes ? [read] : []));
    expect(found.map(({ offset, data }) => seenRecord(offset, data))).toEqual(records.map(wantedRecord));
  });
  test("after damage reading goes on, without damage nothing is skipped", () => {
    const reads = readAll([bytes]);
    const damaged = file.error !== undefined;
    if (!damaged) expect(reads.filter(({ kind }) => kind === "skipped")).toEqual([]);
    expect(reads.filter(({ kind }) => kind === "record").length).toBeGreaterThanOrEqual(records.length);
  });
  test("bytes that come one by one give the same", () => {
    expect(readAll(Array.from(bytes.subarray(0, 5000), (byte) => Uint8Array.of(byte)))).toEqual(readAll([bytes.subarray(0, 5000)]));
  });
  test("what is written again is read again the same", () => {
    for (const read of readAll([bytes])) {
      if (read.kind !== "record") continue;
      const event = orNothing(() => decodeEvent(read.data));
      if (event) expect(decodeEvent(encodeEvent(event))).toEqual(event);
    }
  });
  test("the short way for scalars agrees with the long one", () => {
    const scalars = new ScalarEvents();
    for (const read of readAll([bytes])) {
      if (read.kind !== "record") continue;
      const event = orNothing(() => decodeEvent(read.data));
      const short = scalars.read(new DataView(read.data.buffer, read.data.byteOffset, read.data.length), 0, read.data.length);
      if (event && !short) scalars.learn(read.data, event);
      if (!short) continue;
      const { wallTimeSeconds, step, tag, value } = scalars;
      const values = event?.what.kind === "summary" ? event.what.values : [];
      expect({ wallTimeSeconds: event?.wallTimeSeconds, step: event?.step, points: values.map((one) => [one.tag, asScalar(one.value)]) })
        .toEqual({ wallTimeSeconds, step, points: [[tag, value]] });
    }
  });
});

test("records of TensorFlow's own writer are written again byte for byte", () => {
  for (const name of ["tf1-scalars/events.out.tfevents.1700000000.host", "tf1-sessions/events.out.tfevents.1700000000.host"]) {
    const bytes = files.get(name);
    if (!bytes) continue;
    const again = readAll([bytes]).map((read) => (read.kind === "record" ? encodeRecord(encodeEvent(decodeEvent(read.data))) : new Uint8Array()));
    expect(Buffer.concat(again).equals(bytes)).toBe(true);
  }
});

function readAll(pieces: readonly Uint8Array[]): RecordRead[] {
  const scanner = new RecordScanner();
  const reads: RecordRead[] = [];
  for (const piece of pieces) {
    scanner.push(piece);
    for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) reads.push(read);
  }
  return reads;
}

function orNothing<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return undefined;
  }
}
