// What a curves page hears of its runs: over a reader and a list of runs made for these tests.
import { expect, test } from "vitest";
import { Emitter } from "#base/emitter";
import { mostDescribed, ServedRuns } from "#extension/panels/servedRuns";
import type { RunInfo } from "#model/run";
import type { RunContent } from "#protocol/readerApi";

const content: RunContent = { revision: 4, tags: [], files: 1, records: 3, bytes: 100, graphs: 0, metaGraphs: 0, runMetadata: 0, sessionLogs: 0, damage: [] };
const dirsOf = (count: number): string[] => Array.from({ length: count }, (_, at) => `/runs/${at}`);

function serve(count: number) {
  const [own = "", ...checked] = dirsOf(count);
  const styles = new Map<string, number>();
  const changed = new Map<string, Emitter<number>>();
  const asked: string[] = [];
  const told: string[] = [];
  const left: string[] = [];
  let broken: string | undefined;
  let vanishing: string | undefined;
  const served = new ServedRuns(own, {
    runs: {
      scanned: true, refresh: async () => undefined,
      get: (dir) => (dir === broken ? undefined : { name: dir, dir, state: "foreign", tags: 0, checkpoints: 0, bytes: 0 } satisfies RunInfo),
    },
    shown: { checked, giveStyles: () => void (broken = vanishing), styleOf: (dir) => styles.get(dir) ?? 0 },
    reader: {
      follow: (dir) => {
        const one = new Emitter<number>();
        changed.set(dir, one);
        return { content: async () => content, onChanged: one.event, dispose: () => void left.push(dir) };
      },
      ask: {
        look: async ({ dir }) => {
          asked.push(dir);
          return { content };
        },
        checkpoints: async () => ({ checkpoints: [], notes: [], usage: { bytes: 0, forecast: [] } }) as never,
        averages: async () => [],
      },
    },
  }, { series: (dir) => told.push(dir), run: () => undefined });
  return { served, asked, told, left, styles, /** While the next answer is made. */
    vanish: (dir: string | undefined) => {
      vanishing = dir;
      broken = undefined;
    }, change: (dir: string, revision: number) => changed.get(dir)?.fire(revision) };
}

/** Part by part, as a page asks. */
async function all(served: ServedRuns, whole: boolean): Promise<string[][]> {
  const parts: string[][] = [];
  for (let from: number | undefined = 0; from !== undefined;) {
    const { runs, next } = await served.next({ whole: whole && from === 0, from });
    parts.push(runs.map(({ run }) => run.dir));
    from = next;
  }
  return parts;
}

test("a thousand runs come in parts, each once, all of them named in each", async () => {
  const { served } = serve(1000);
  expect((await served.next({ whole: true, from: 0 })).dirs).toEqual(dirsOf(1000));
  const parts = await all(served, true);
  expect(parts.flat()).toEqual(dirsOf(1000));
  expect(parts.every((part) => part.length <= mostDescribed)).toBe(true);
});

test("a page hears again only of what has changed, and a page that has nothing hears of all", async () => {
  const { served, asked, styles, change } = serve(250);
  await all(served, true);
  expect((await all(served, false)).flat()).toEqual([]);
  change("/runs/7", 5);
  styles.set("/runs/230", 3);
  expect((await all(served, false)).flat()).toEqual(["/runs/7", "/runs/230"]);
  // Only one of them was looked at again.
  expect(asked).toHaveLength(251);
  expect((await all(served, true)).flat()).toEqual(dirsOf(250));
  expect(asked).toHaveLength(251);
});

test("news of what a run was already described with are none", async () => {
  const { served, asked, told, change } = serve(3);
  await all(served, true);
  change("/runs/1", content.revision);
  expect([told, (await all(served, false)).flat(), asked.length]).toEqual([[], [], 3]);
  change("/runs/1", content.revision + 1);
  expect([told, served.revisionOf("/runs/1")]).toEqual([["/runs/1"], content.revision + 1]);
});

test("when an answer fails the next one has what it would have had", async () => {
  const { served, vanish } = serve(3);
  vanish("/runs/0");
  await expect(served.next({ whole: true, from: 0 })).rejects.toThrow("is not there any more");
  vanish(undefined);
  expect((await all(served, false)).flat()).toEqual(dirsOf(3));
});

test("a run that is no longer checked is followed no longer", async () => {
  const { served, left } = serve(3);
  await all(served, true);
  served.dispose();
  expect(left).toEqual(dirsOf(3));
});
