// Whether checkpoints look whole: a quick look at each index, and what verifications found, remembered while no file changes.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import type { FoundCheckpoint } from "#analysis/checkpoints/facts";
import { FormatError, messageOf, UserError } from "#base/errors";
import { shardName, type Bundle } from "#formats/bundle/openBundle";
import type { CheckpointContent } from "#model/checkpoint";
import { isNotFound } from "#node/files";
import { withCheckpoint } from "./openCheckpoint";

/** What is known of one checkpoint's bytes. */
export interface Health {
  readonly damage?: string;
  readonly verified?: true;
}

/** Remembers by prefix; sizes and times of the files tell whether what is remembered still holds. */
export class CheckpointHealth {
  readonly #known = new Map<string, { readonly stamp: string; readonly health: Health }>();

  /** What is known, or what a look at the index and at the lengths of the data files shows. Only for complete ones. */
  async of(dir: string, { prefix, files }: FoundCheckpoint): Promise<Health> {
    const absolute = join(dir, prefix);
    const stamp = await stampOf(dir, files);
    const known = this.#known.get(absolute);
    if (known?.stamp === stamp) return known.health;
    const damage = await quickLook(absolute);
    const health = damage === undefined ? {} : { damage };
    this.#known.set(absolute, { stamp, health });
    return health;
  }

  /** Notes what a verification of the checkpoint at an absolute prefix found. */
  async note(prefix: string, { verified, problems }: CheckpointContent): Promise<void> {
    const [dir, base] = [dirname(prefix), basename(prefix)];
    const files = (await readdir(dir)).filter((name) => name === `${base}.index` || name.startsWith(`${base}.data-`)).sort();
    const damage = (problems[0] ?? "").replace(/^(.*) is damaged.*$/s, "checksum of $1 differs");
    this.#known.set(prefix, { stamp: await stampOf(dir, files), health: verified ? { verified } : { damage } });
  }
}

async function stampOf(dir: string, files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.filter((name) => !name.endsWith(".meta")).map((name) => statOrGone(join(dir, name))));
  return stats.map((one) => (one ? `${one.size}:${one.mtimeMs}:${one.ino}` : "gone")).join(" ");
}

async function quickLook(prefix: string): Promise<string | undefined> {
  try {
    return await withCheckpoint(prefix, async (bundle) => bundle.problems[0]?.message ?? (await tooShort(prefix, bundle)));
  } catch (error) {
    if (error instanceof FormatError || error instanceof UserError) return `its index cannot be read: ${error.message.replaceAll(`${dirname(prefix)}${sep}`, "")}`;
    return messageOf(error);
  }
}

/** A data file that ends before a variable does. */
async function tooShort(prefix: string, bundle: Bundle): Promise<string | undefined> {
  if (bundle.format === "V1") return undefined;
  const last = new Map<number, { readonly name: string; readonly end: number }>();
  for (const { name, shard, offset, size, slices } of bundle.entries.values()) {
    if (!slices && offset + size > (last.get(shard)?.end ?? 0)) last.set(shard, { name, end: offset + size });
  }
  for (const [shard, { name, end }] of last) {
    const there = await statOrGone(shardName(prefix, shard, bundle.shards));
    if (!there) return `the data file of ${name} is not there`;
    if (there.size < end) return `the data file ends before ${name} does`;
  }
  return undefined;
}

async function statOrGone(path: string): Promise<{ readonly size: number; readonly mtimeMs: number; readonly ino: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
