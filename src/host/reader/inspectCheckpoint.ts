// What a checkpoint on disk holds, and, when asked, whether all of its bytes are as they were written.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError, messageOf } from "#base/errors";
import { describeBundle } from "#formats/bundle/describeBundle";
import { shardName, type Bundle } from "#formats/bundle/openBundle";
import { decodeStrings } from "#formats/bundle/stringTensor";
import { decodeObjectGraph, objectGraphKey, tensorsOfObjects } from "#formats/objectGraph/objectGraph";
import type { CheckpointContent, CheckpointObjects } from "#model/checkpoint";
import { isNotFound } from "#node/files";
import { withCheckpoint } from "./openCheckpoint";
import { unwatched, type Look } from "./tasks";

/** `prefix` is absolute. With `verify` every data byte is read, in pieces, and compared with its checksum. */
export function inspectCheckpoint(
  { prefix, verify }: { readonly prefix: string; readonly verify: boolean },
  look: Look = unwatched,
): Promise<CheckpointContent> {
  return withCheckpoint(prefix, async (bundle) => {
    const content = describeBundle(bundle);
    const missing = bundle.format === "V2" ? await missingShards(prefix, bundle) : [];
    const damaged = verify ? await damagedVariables(bundle, look) : [];
    const { objects, problem } = await readObjects(bundle);
    const problems = [...content.problems, ...missing, ...damaged, ...(problem === undefined || verify ? [] : [problem])];
    return { ...content, ...(objects && { objects }), problems, ...(verify && !look.cancelled ? { verified: problems.length === 0 } : {}) };
  });
}

/** The objects of a TF2 checkpoint, with the names that its tensors have in the program. */
async function readObjects(bundle: Bundle): Promise<{ readonly objects?: CheckpointObjects; readonly problem?: string }> {
  const entry = bundle.entries.get(objectGraphKey);
  if (entry?.dtype !== "string") return {};
  try {
    const [graph] = decodeStrings(await bundle.read(objectGraphKey));
    if (!graph) return {};
    const objects = decodeObjectGraph(graph);
    return { objects: { count: objects.nodes.length, tensors: tensorsOfObjects(objects) } };
  } catch (error) {
    if (isNotFound(error)) return {};
    return { problem: error instanceof FormatError ? error.message : `${objectGraphKey}: ${messageOf(error)}` };
  }
}

/** A data file that no variable lies in may be absent (formats 12). */
async function missingShards(prefix: string, bundle: Bundle): Promise<string[]> {
  const used = new Set([...bundle.entries.values()].filter(({ slices }) => !slices).map(({ shard }) => shard));
  const problems: string[] = [];
  for (const shard of [...used].sort((one, other) => one - other)) {
    const name = shardName(prefix, shard, bundle.shards);
    const there = await stat(name).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (!there) problems.push(`The data file ${basename(name)} is not there.`);
  }
  return problems;
}

/** In the order of the bytes on disk: anything else would make a spinning or far disk crawl. */
async function damagedVariables(bundle: Bundle, look: Look): Promise<string[]> {
  const entries = [...bundle.entries.values()].sort((one, other) => one.shard - other.shard || one.offset - other.offset);
  const problems: string[] = [];
  look.expect(entries.reduce((sum, { size }) => sum + size, 0));
  for (const { name, size } of entries) {
    if (look.cancelled) break;
    try {
      await bundle.verify(name);
      look.passed(size);
    } catch (error) {
      if (isNotFound(error)) continue;
      problems.push(error instanceof FormatError ? error.message : `${name}: ${messageOf(error)}`);
    }
  }
  return problems;
}
