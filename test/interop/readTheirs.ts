// What TensorFlow, TensorBoard and PyTorch wrote, through our readers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "#formats/events/event";
import { asScalar } from "#formats/events/tagKind";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { check } from "./check";
import { readEvents, tensorsOf } from "./sampleFacts";
import { jsonNumber, type JsonTensor } from "./values";

/** What the Python side says that it wrote. Paths are relative to the folder of the check. */
interface Theirs {
  readonly checkpoints: Readonly<Record<string, readonly JsonTensor[]>>;
  readonly events: Readonly<Record<string, Readonly<Record<string, readonly (readonly [number, number | string])[]>>>>;
  readonly metaGraphs: Readonly<Record<string, number>>;
  /** Pairs of files that must not differ. */
  readonly sameBytes: readonly (readonly [ours: string, theirs: string])[];
}

export async function readTheirs(dir: string): Promise<void> {
  const theirs = JSON.parse(await readFile(join(dir, "theirs.json"), "utf8")) as Theirs;
  for (const [prefix, tensors] of Object.entries(theirs.checkpoints)) {
    await check(`${prefix}: we read the ${tensors.length} tensors that TensorFlow saved`, async () => {
      const byName = (list: readonly JsonTensor[]): Map<string, JsonTensor> => new Map(list.map((tensor) => [tensor.name, tensor]));
      assert.deepEqual(byName(await tensorsOf(join(dir, prefix))), byName(tensors));
    });
  }
  for (const [folder, scalars] of Object.entries(theirs.events)) {
    await check(`${folder}: we read the scalars of ${Object.keys(scalars).length} tags`, async () => {
      assert.deepEqual(scalarsOf(await readEvents(join(dir, folder))), scalars);
    });
  }
  for (const [file, nodes] of Object.entries(theirs.metaGraphs)) {
    await check(`${file}: we read the ${nodes} nodes of TensorFlow's meta graph`, async () => {
      const meta = decodeMetaGraphDef(new Uint8Array(await readFile(join(dir, file))));
      assert.equal(decodeGraphDef(meta.graphBytes ?? new Uint8Array()).nodes.length, nodes);
    });
  }
  for (const [ours, other] of theirs.sameBytes) {
    await check(`${ours} is byte for byte what TensorFlow writes`, async () => {
      const [left, right] = await Promise.all([readFile(join(dir, ours)), readFile(join(dir, other))]);
      assert.ok(left.equals(right), `${left.length} bytes of ours, ${right.length} of TensorFlow's`);
    });
  }
}

function scalarsOf(events: readonly Event[]): Record<string, [number, number | string][]> {
  const scalars: Record<string, [number, number | string][]> = {};
  for (const { step, what } of events) {
    if (what.kind !== "summary") continue;
    for (const { tag, value } of what.values) {
      const scalar = asScalar(value);
      if (scalar !== undefined) (scalars[tag] ??= []).push([step, jsonNumber(scalar)]);
    }
  }
  return scalars;
}
