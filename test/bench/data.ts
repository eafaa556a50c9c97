// The data that is measured with, the same on every machine: an event file and a checkpoint out of a seeded generator.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { shardName } from "#formats/bundle/openBundle";
import { encodeEvent } from "#formats/events/encodeEvent";
import type { SummaryMetadata, SummaryValue } from "#formats/events/event";
import { encodeRecord } from "#formats/records/encodeRecord";

const tagCount = 20;
const tags = Array.from({ length: tagCount }, (_, at) => `generator/encoder_${String(at).padStart(2, "0")}/batchnorm/moving_mean`);
const metadata: SummaryMetadata = { pluginName: "scalars", pluginContent: new Uint8Array(), displayName: "", description: "", dataClass: 0 };
const firstSeconds = 1_700_000_000;

/** Random numbers from 0 to 1, the same at every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Records of points `from` to `to`: each step logs all tags, half of them as plain numbers, half as TF2's tensors with metadata. */
export function pointRecords(from: number, to: number): Uint8Array {
  const random = seeded(from + 1);
  const records: Uint8Array[] = [];
  for (let point = from; point < to; point++) {
    const at = point % tagCount;
    const value = Math.fround(random() * 10);
    records.push(encodeRecord(encodeEvent({
      wallTimeSeconds: firstSeconds + point / 1000,
      step: Math.floor(point / tagCount),
      what: { kind: "summary", values: [valueOf(tags[at] ?? "", value, at % 2 === 0)] },
    })));
  }
  return Buffer.concat(records);
}

/** Writes `points` points into an event file of the folder, and answers the file's path. */
export function writeEventFile(dir: string, points: number): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, `events.out.tfevents.${firstSeconds}.bench`);
  const file = openSync(path, "w");
  writeSync(file, encodeRecord(encodeEvent({ wallTimeSeconds: firstSeconds, step: 0, what: { kind: "fileVersion", version: "brain.Event:2" } })));
  const batch = 20_000;
  for (let from = 0; from < points; from += batch) writeSync(file, pointRecords(from, Math.min(points, from + batch)));
  closeSync(file);
  return path;
}

/** Writes a checkpoint of float tensors that together have about `bytes`, and answers its prefix; another `seed` gives other values. */
export function writeCheckpoint(dir: string, { bytes, tensors, seed = tensors }: { readonly bytes: number; readonly tensors: number; readonly seed?: number }): string {
  mkdirSync(dir, { recursive: true });
  const prefix = join(dir, `model.ckpt-${seed}`);
  const file = openSync(shardName(prefix, 0, 1), "w");
  const writer = new BundleWriter();
  const random = seeded(seed);
  const rows = Math.max(1, Math.floor(bytes / tensors / 4 / 16));
  const values = Float32Array.from({ length: rows * 16 }, random);
  for (let at = 0; at < tensors; at++) {
    values[0] = at + seed;
    const name = `generator/layer_${String(at).padStart(6, "0")}/conv2d_transpose/kernel/Adam_1`;
    writeSync(file, writer.add({ name, dtype: "float32", shape: [rows, 16] }, new Uint8Array(values.buffer)));
  }
  closeSync(file);
  writeFileSync(`${prefix}.index`, writer.finish());
  return prefix;
}

function valueOf(tag: string, value: number, plain: boolean): SummaryValue {
  if (plain) return { tag, value: { kind: "simple", value } };
  return { tag, metadata, value: { kind: "tensor", tensor: { dtype: 1, shape: [], content: new Uint8Array(Float32Array.of(value).buffer) } } };
}
