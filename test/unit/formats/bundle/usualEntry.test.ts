// The short way through an index's entries says what the long way says, or nothing.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import type { BundleEntry } from "#formats/bundle/bundle";
import { encodeEntry, readEntry } from "#formats/bundle/bundleRecords";
import { decodeUsualEntry } from "#formats/bundle/usualEntry";
import { WireReader } from "#formats/bytes/wireReader";
import { decodeBlock } from "#formats/sstable/decodeBlock";
import { Random } from "../../../support/random";
import { need, unhex } from "../golden";

const entry: BundleEntry = { name: "w", dtype: "float32", shape: [3, 0, 1_000_000, 2 ** 40], shard: 2, offset: 2 ** 45, size: 300, crc32c: 0xfedcba98 };

/** The only entry of a block, with other bytes behind it. */
function short(bytes: Uint8Array): BundleEntry | undefined {
  const block = Uint8Array.from([0, 1, bytes.length, 0x77, ...bytes, 0, 0, 0, 0, 1, 0, 0, 0]);
  return decodeUsualEntry("w", decodeBlock({ bytes: block, file: "index", offset: 0, inside: true }, { bytes: 1000 }), 0);
}

function long(bytes: Uint8Array): BundleEntry | undefined {
  try {
    return readEntry("w", new WireReader(bytes));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

describe("what TensorFlow writes is taken", () => {
  test.each<[string, Partial<BundleEntry>]>([
    ["all fields", {}], ["a scalar at the start", { shape: [], shard: 0, offset: 0 }], ["nothing stored", { shape: [0], size: 0 }],
    ["a checksum of zero", { crc32c: 0 }], ["many dimensions", { shape: Array.from({ length: 12 }, (_, at) => at) }],
  ])("%s", (_, change) => {
    const wanted = { ...entry, ...change };
    expect(short(encodeEntry(wanted))).toEqual(wanted);
  });
});

test.each([
  ["slices", "08 01 12 04 12 02 08 04 3a 00"], ["an unknown field", "08 01 40 01"], ["a negative place", "20 ff ff ff ff ff ff ff ff ff 01"],
  ["a place beyond 2^49", "20 80 80 80 80 80 80 80 01"], ["a named dimension", "12 05 12 03 12 01 61"], ["an unknown rank", "12 02 18 01"],
  ["two shapes", "12 00 12 00"], ["a cut checksum", "35 01 02"], ["a cut number", "20 80"], ["a shape beyond the entry", "12 7f 12 02 08 01"],
])("%s: left to the long way", (_, bytes) => {
  expect(short(unhex(bytes))).toBeUndefined();
});

test("random damage never makes the two ways disagree", () => {
  const random = new Random(5);
  const whole = encodeEntry(entry);
  let taken = 0;
  for (let times = 0; times < 20_000; times++) {
    const bytes = whole.slice(0, random.chance(3) ? random.below(whole.length + 1) : whole.length);
    for (let flips = random.below(3); flips > 0 && bytes.length > 0; flips--) {
      const at = random.below(bytes.length);
      bytes[at] = need(bytes[at], "a byte") ^ (1 << random.below(8));
    }
    const read = short(bytes);
    if (!read) continue;
    taken++;
    if (JSON.stringify(read) !== JSON.stringify(long(bytes))) expect.fail(`the ways disagree over ${Buffer.from(bytes).toString("hex")}`);
  }
  expect(taken).toBeGreaterThan(1000);
});
