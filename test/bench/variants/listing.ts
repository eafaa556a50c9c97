// Listing the tensors of a checkpoint out of its index, and the same table out of JSON.
import { readFileSync } from "node:fs";
import { bytesAsSource } from "#formats/bytes/byteSource";
import type { BundleEntry } from "#formats/bundle/bundle";
import { openBundle } from "#formats/bundle/openBundle";
import { median, secondsOf, type Measured, type VariantArguments } from "../measured";

/** Name, dtype, shape and bytes of every tensor. */
export interface ListedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
}

const warmUps = 10;
const repeats = 20;

/** From the index file's bytes to objects: seconds, when warm. */
export async function listIndex({ path }: VariantArguments): Promise<Measured> {
  return repeated(() => entriesOf(path));
}

/** The table as JSON, from the file's bytes to objects: seconds, when warm. */
export async function jsonIndex({ path }: VariantArguments): Promise<Measured> {
  return repeated(async () => JSON.parse(readFileSync(`${path}.json`, "utf8")) as ListedTensor[]);
}

/** What a checkpoint's index lists. */
export async function tensorsOf(prefix: string): Promise<ListedTensor[]> {
  return listed(await entriesOf(prefix));
}

async function entriesOf(prefix: string): Promise<readonly BundleEntry[]> {
  const bundle = await openBundle(bytesAsSource(readFileSync(`${prefix}.index`)), async () => bytesAsSource(new Uint8Array()));
  return bundle.entries.values();
}

/** Without what else our entries know: place and checksum. */
function listed(tensors: readonly ListedTensor[]): ListedTensor[] {
  return tensors.map(({ name, dtype, shape, size }) => ({ name, dtype, shape, size }));
}

async function repeated(list: () => Promise<readonly ListedTensor[]>): Promise<Measured> {
  const seconds: number[] = [];
  let tensors: readonly ListedTensor[] = [];
  for (let at = 0; at < warmUps + repeats; at++) {
    const took = await secondsOf(async () => void (tensors = await list()));
    if (at >= warmUps) seconds.push(took);
  }
  return { value: median(seconds), result: JSON.stringify(listed(tensors)) };
}
