// Damaged files on disk through the readers of runs, checkpoints and graphs: a FormatError, a problem that is told, or success.
import { truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FormatError, UserError } from "#base/errors";
import { shardName } from "#formats/bundle/openBundle";
import { GraphCache } from "#host/reader/graphCache";
import { inspectCheckpoint } from "#host/reader/inspectCheckpoint";
import { RunReader } from "#host/reader/runReader";
import { Random } from "../../support/random";
import { useTemporary } from "../../support/temporary";
import { golden } from "../../unit/formats/golden";

const temporary = useTemporary();
const damagesPerFile = 24;

/** Cut somewhere, or with one to three bits flipped. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.chance(2)) return bytes.slice(0, random.below(bytes.length));
  const copy = bytes.slice();
  for (let flips = 1 + random.below(3); flips > 0; flips--) {
    const at = random.below(bytes.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
}

/** Whether it was refused; any error that is not meant for people fails the test. */
async function refused(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    if (error instanceof FormatError || error instanceof UserError) return true;
    throw error;
  }
}

function filesOf(area: "events" | "bundle" | "graphs", wanted: RegExp): [path: string, bytes: Uint8Array][] {
  return [...golden(area)].filter(([path, bytes]) => wanted.test(path) && bytes.length > 0 && bytes.length < 50_000);
}

test("damaged event files are read as far as they are sound, and their graphs", async () => {
  const random = new Random(1);
  const files = filesOf("events", /tfevents[^/]*$/).filter(([path]) => !path.endsWith(".json"));
  let tags = 0;
  let damages = 0;
  for (const [path, bytes] of files) {
    const dir = await temporary.folder(path.replaceAll("/", "_"));
    for (let time = 0; time < damagesPerFile / 4; time++) {
      await writeFile(join(dir, basename(path)), damaged(bytes, random));
      const reader = new RunReader(dir, () => undefined);
      await reader.refresh();
      const content = reader.content();
      tags += content.tags.length;
      damages += content.damage.length;
      reader.dispose();
      await refused(() => new GraphCache().tree(dir));
    }
  }
  expect(tags).toBeGreaterThan(files.length);
  expect(damages).toBeGreaterThan(files.length);
});

test("damaged checkpoints are refused, or their damage is told", async () => {
  const random = new Random(2);
  let found = 0;
  const indexes = filesOf("bundle", /\.index$/);
  for (const [path, index] of indexes) {
    const dir = await temporary.folder(path.replaceAll("/", "_"));
    const prefix = join(dir, basename(path, ".index"));
    const data = golden("bundle").get(shardName(join(dirname(path), basename(path, ".index")), 0, 1));
    if (!data?.length) continue;
    const shard = shardName(prefix, 0, 1);
    for (let time = 0; time < damagesPerFile; time++) {
      const ofIndex = random.chance(2);
      await writeFile(`${prefix}.index`, ofIndex ? damaged(index, random) : index);
      await writeFile(shard, ofIndex ? data : damaged(data, random));
      const told = await refused(async () => {
        const { problems } = await inspectCheckpoint({ prefix, verify: true });
        if (problems.length > 0) throw new FormatError("badChecksum", problems.join());
      });
      found += Number(told);
    }
  }
  expect(found).toBeGreaterThan(indexes.length * damagesPerFile / 3);
});

test("damaged graphs are refused, or shown as far as they are graphs", async () => {
  const random = new Random(3);
  let refusals = 0;
  for (const [path, bytes] of filesOf("graphs", /\.(pb|pbtxt|meta)$/)) {
    const dir = await temporary.folder(path.replaceAll("/", "_"));
    const file = join(dir, basename(path));
    for (let time = 0; time < damagesPerFile; time++) {
      await writeFile(file, damaged(bytes, random));
      refusals += Number(await refused(() => new GraphCache().tree(file)));
    }
  }
  expect(refusals).toBeGreaterThan(damagesPerFile);
});

test("a text graph that is far too large is refused before it is parsed, with its size and what to do", async () => {
  const dir = await temporary.folder("large");
  const [long, crowded] = [join(dir, "long.pbtxt"), join(dir, "crowded.pbtxt")];
  await writeFile(long, "");
  await truncate(long, 600_000_000);
  await expect(new GraphCache().tree(long)).rejects.toMatchObject({ message: `The graph in ${long} is too large a text: 600 MB, and at most 500 MB are read.`, action: expect.stringContaining("binary GraphDef") as string });
  // It is no text that could be parsed: the words tell that it never was.
  await writeFile(crowded, `node {\n`.repeat(500_001));
  await expect(new GraphCache().tree(crowded)).rejects.toMatchObject({ message: `The graph in ${crowded} has 500,001 operations, and at most 500,000 are read.`, action: expect.stringContaining("extract_sub_graph") as string });
});
