import { cp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { GraphCache } from "#host/reader/graphCache";
import { startInProcessReader } from "#host/reader/inProcessReader";
import { createReader } from "#host/reader/readerService";
import { unpack } from "#protocol/packed";
import type { OrRefused } from "#protocol/readerApi";
import { appendEvents, firstFile, loss, writeEvents } from "./events";
import { putCheckpoint, temporaryFolder } from "./temporaryFolder";

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/analysis/${name}`, import.meta.url));
const reader = startInProcessReader();

async function tags(dir: string) {
  return (await reader.open({ dir, follow: false })).tags;
}

describe("runs that others wrote", () => {
  test("a Supervisor that was started twice keeps both attempts, although its START says step 0", async () => {
    const content = await reader.open({ dir: fixture("runs/supervisor"), follow: false });
    expect(content).toMatchObject({ files: 2, records: 70, graphs: 2, metaGraphs: 2, sessionLogs: 4, lastStep: 59, damage: [] });
    expect(content.tags).toMatchObject([
      { tag: "discriminator_loss", plugin: "scalars", kind: "scalar", points: 60, superseded: 0, last: { step: 59, value: 1.4750176668167114 } },
      { tag: "w_1", plugin: "histograms", kind: "histogram", points: 60 },
    ]);
  });

  test("a run that diverged has one finite value and eleven that are none", async () => {
    const value = 3.2425505000207155e17;
    expect(await tags(fixture("runs/diverged"))).toMatchObject([
      { tag: "epoch_loss", points: 12, nonFinite: 11, min: { step: 0, value }, max: { step: 0, value }, first: { value }, last: { step: 11, value: NaN } },
    ]);
  });

  test("PyTorch's purge_step supersedes for all tags what a restart wrote again", async () => {
    expect(await tags(fixture("runs/restarts"))).toMatchObject([
      { tag: "a", points: 60, superseded: 60, last: { step: 59, value: 2059 } },
      { tag: "stale", points: 0, superseded: 2 },
    ]);
    const { steps, values } = await reader.points({ dir: fixture("runs/restarts"), tag: "a" });
    expect([...steps]).toEqual(Array.from({ length: 60 }, (_, step) => step));
    expect([values[19], values[20]]).toEqual([19, 2020]);
  });
});

const curve = { axis: { kind: "step" }, smoothing: { weight: 0.6, timed: false, bridge: false } } as const;
const wholeCut = { ...curve, log: false, pixels: 500, raw: true, clip: true } as const;

/** The answer to a lone request. */
function lone<Answer>([first]: readonly OrRefused<Answer>[]): Answer {
  if (!first || "refused" in first) throw new Error(first?.refused ?? "no answer");
  return first.answer;
}

describe("curves", () => {
  const dir = fixture("runs/restarts");

  test("tell what stands, what a restart replaced, and where it began", async () => {
    const slice = lone(unpack(await reader.slices({ requests: [{ ...wholeCut, dir, tag: "a" }] })));
    expect(slice).toMatchObject({ tag: "a", total: 60, inRange: 60, drawn: 60, thinned: false, extent: [0, 69], restarts: [{ step: 30 }, { step: 20 }] });
    expect(slice.superseded.x).toHaveLength(60);
  });

  test("of a tag that is none are refused with a sentence, and the others are answered", async () => {
    const [refused, answered] = unpack(await reader.slices({ requests: [{ ...wholeCut, dir: fixture("runs/supervisor"), tag: "w_1" }, { ...wholeCut, dir, tag: "a" }] }));
    expect(refused).toEqual({ refused: "This run has no scalar “w_1”." });
    expect(answered).toHaveProperty("answer");
  });

  test("come to extremes with their steps, and to the last point up to a step", async () => {
    const summary = lone(unpack(await reader.summaries({ requests: [{ ...curve, dir, tag: "a", at: 25 }] })));
    expect(summary).toMatchObject({ points: 60, min: { step: 0, value: 0 }, max: { step: 59, value: 2059 }, at: { step: 25, value: 2025 }, last: { step: 59 } });
  });

  test("have an exact point near any place", async () => {
    expect(lone(unpack(await reader.pointsNear({ requests: [{ ...curve, dir, tag: "a", x: 24.6 }] })))).toMatchObject({ step: 25, value: 2025 });
  });

  test("of several runs have a mean and a spread", async () => {
    const group = lone(unpack(await reader.groupSlices({ requests: [{ ...wholeCut, pixels: 6, dirs: [dir, dir], tag: "a" }] })));
    expect([...group.n]).toEqual([2, 2, 2, 2, 2, 0]);
    expect(group.spread[2]).toBe(0);
  });

  test("are written whole, raw and smoothed, as the command line prints them", async () => {
    const path = join(await temporaryFolder(), "curves.csv");
    const request = { path, superseded: false, curves: [{ dir, tag: "a", run: "restarts", smoothing: curve.smoothing }] } as const;
    expect(await reader.exportCurves({ ...request, format: "csv" })).toEqual({ points: 60 });
    const [heading, ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect([heading, lines.length, lines[59]?.split(",").slice(0, 3)]).toEqual(["run,tag,step,wall_time,value,smoothed", 60, ["restarts", "a", "59"]]);
    await reader.exportCurves({ ...request, format: "json", superseded: true });
    const { curves } = JSON.parse(await readFile(path, "utf8")) as { curves: { points: { step: number; superseded: boolean }[] }[] };
    expect(curves[0]?.points.filter(({ superseded }) => superseded)).toHaveLength(60);
  });

  test("that cannot be written leave nothing behind", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "missing", "curves.csv");
    await expect(reader.exportCurves({ path, format: "csv", superseded: false, curves: [] })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});

test("a reading that was stopped keeps what it has and goes on when asked", async () => {
  const dir = await temporaryFolder();
  await writeEvents(dir, firstFile, ...[1, 2, 3].map((step) => loss(step)));
  await reader.open({ dir, follow: true });
  await reader.halt({ dir, resume: false });
  await appendEvents(dir, firstFile, loss(4), loss(5));
  expect(await reader.look({ dir })).toMatchObject({ reading: { halted: true }, content: { tags: [{ points: 3 }] } });
  await reader.halt({ dir, resume: true });
  expect((await reader.look({ dir })).content.tags).toMatchObject([{ points: 5 }]);
  await reader.close({ dir });
});

describe("graphs", () => {
  test("are decoded once for all who ask at the same time, and again for who asks after that failed", async () => {
    const graphs = new GraphCache();
    const [one, other] = await Promise.all([graphs.tree(fixture("graphs/while.pb")), graphs.tree(fixture("graphs/while.pb"))]);
    expect(one).toBe(other);
    const path = join(await temporaryFolder(), "graph.pbtxt");
    await writeFile(path, 'node { name: "a" op: "Const"');
    await utimes(path, 1, 1);
    await expect(graphs.tree(path)).rejects.toThrow();
    await writeFile(path, 'node { name: "a" op: "Cons"}');
    await utimes(path, 1, 1);
    expect((await graphs.tree(path)).model.nodes).toHaveLength(1);
  });
  test.each(["graphs/while.pb", "graphs/while.pbtxt", "graphs/while.meta"])("are found in %s", async (name) => {
    expect(await reader.graphSummary({ path: fixture(name), depth: 1 })).toMatchObject({ nodes: 11, functions: 4 });
  });

  test("are found in a SavedModel's folder and file", async () => {
    expect(await reader.graphSvg({ path: fixture("graphs/saved-model"), depth: 1 })).toMatch(/^<svg [^>]+>\n<title>saved-model<\/title>/);
    const whole = await reader.graphSummary({ path: fixture("graphs/saved-model"), depth: 1 });
    expect(whole.nodes).toBeGreaterThan(0);
    expect(await reader.graphSummary({ path: fixture("graphs/saved-model/saved_model.pb"), depth: 1 })).toEqual(whole);
  });

  test("are the newest of a run's event files, also where a single file is asked about", async () => {
    const dir = fixture("runs/supervisor");
    const whole = await reader.graphSummary({ path: dir, depth: 2 });
    expect(whole).toMatchObject({ variables: 2, functions: 0 });
    const [file = ""] = (await readdir(dir)).filter((name) => name.includes("tfevents"));
    expect((await reader.graphSummary({ path: join(dir, file), depth: 2 })).nodes).toBe(whole.nodes);
  });

  test("of a run without one in its event files come from graph.pbtxt, then from the newest meta graph", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    await cp(fixture("graphs/while.meta"), join(dir, "model-1.meta"));
    expect(await reader.graphSummary({ path: dir, depth: 1 })).toMatchObject({ nodes: 11 });
    await writeFile(join(dir, "graph.pbtxt"), 'node { name: "a" op: "Const" }');
    expect(await reader.graphSummary({ path: dir, depth: 1 })).toMatchObject({ nodes: 1 });
  });

  test("are decoded again when the file has changed", async () => {
    const path = join(await temporaryFolder(), "graph.pbtxt");
    await writeFile(path, 'node { name: "a" op: "Const" }');
    expect((await reader.graphLevel({ path, scope: "" })).nodes).toHaveLength(1);
    await writeFile(path, 'node { name: "a" op: "Const" }\nnode { name: "b" op: "Relu" input: "a" }');
    expect((await reader.graphLevel({ path, scope: "" })).nodes).toHaveLength(2);
    expect(await reader.graphNode({ path, name: "b" })).toMatchObject({ op: "Relu", inputs: [{ name: "a", tensors: 1 }] });
  });

  test("are joined with what they were, marked and listed, and found as one", async () => {
    const dir = await temporaryFolder();
    const [before, path] = [join(dir, "before.pbtxt"), join(dir, "after.pbtxt")];
    await writeFile(before, 'node { name: "a" op: "Const" }\nnode { name: "net/b" op: "Relu" input: "a" }');
    await writeFile(path, 'node { name: "a" op: "Const" }\nnode { name: "net/b" op: "Elu" input: "a" }\nnode { name: "c" op: "Neg" input: "net/b" }');
    expect((await reader.graphLevel({ path, before, scope: "" })).nodes.map(({ name, change }) => [name, change])).toEqual([["a", undefined], ["net", "changed"], ["c", "added"]]);
    expect(await reader.graphChanges({ path, before })).toMatchObject({ changes: [{ name: "net", rows: [["net/b type", "Relu", "Elu"]] }, { name: "c", kind: "added" }], operations: { added: 1, removed: 0, changed: 1, same: 1 } });
    expect(await reader.searchGraph({ path, before, text: "elu", from: 0, count: 5, within: [] })).toMatchObject({ total: 1 });
  });

  test("that are none are refused with a sentence", async () => {
    const dir = await temporaryFolder();
    await expect(reader.graphLevel({ path: dir, scope: "" })).rejects.toThrow(`There is no graph in ${dir}.`);
    await writeFile(join(dir, "noise.pb"), "\u0007noise");
    await expect(reader.graphLevel({ path: join(dir, "noise.pb"), scope: "" })).rejects.toThrow("There is no graph in");
    await expect(reader.graphLevel({ path: join(dir, "nowhere"), scope: "" })).rejects.toThrow("There is nothing at");
  });
});

describe("checkpoints", () => {
  test("of a moved Supervisor's folder are listed with what is wrong", async () => {
    const list = await reader.checkpoints({ dir: fixture("runs/supervisor"), nowSeconds: 1795320000, forecast: 2, intervalSeconds: 60 });
    expect(list).toMatchObject({ latest: "model-60", policy: { maxToKeep: 5, source: "defaults" }, forecast: [{ save: 1, atSeconds: 60 }, { save: 2 }] });
    expect(list.checkpoints.map(({ prefix, listed, kept }) => [prefix, listed, kept])).toEqual([["model-60", true, "newest"], ["model-30", false, "unmanaged"]]);
    expect(list.problems).toEqual([expect.stringContaining("which was moved")]);
  });

  test("that a stricter rule would let go are planned with their files", async () => {
    const dir = await temporaryFolder();
    for (const step of [100, 200, 300]) await putCheckpoint(dir, `model-${step}`, 1000 * step);
    const policy = { maxToKeep: 1, keepCheckpointEveryNHours: 10000 };
    const plan = await reader.planPrune({ dir, nowSeconds: 400_000, policy });
    expect(plan.deletes.map(({ prefix, files }) => [prefix, files.length])).toEqual([["model-100", 3], ["model-200", 3]]);
    expect(plan.bytes).toBe(60);
  });

  test("written by TensorFlow are verified byte for byte", async () => {
    const content = await reader.inspectCheckpoint({ prefix: fixture("runs/supervisor/model-60"), verify: true });
    expect(content).toMatchObject({ verified: true, problems: [], format: "V2" });
  });
});

describe("a run that is followed", () => {
  test("tells of points in its file and of points told ahead of it, and stops when closed", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    const notices: (() => void)[] = [];
    const following = createReader({ seriesChanged: () => notices.shift()?.(), taskProgressed: () => undefined });
    onTestFinished(() => following.dispose());
    const notice = (): Promise<void> => new Promise((resolve) => notices.push(resolve));
    const first = notice();
    await following.open({ dir, follow: true });
    await first;
    const told = notice();
    following.append({ dir, batches: [{ tag: "loss", steps: Float64Array.of(2), values: Float64Array.of(0.2), wallTimeSeconds: Float64Array.of(1_700_000_002) }] });
    await told;
    expect((await following.points({ dir, tag: "loss" })).steps).toHaveLength(2);
    const grown = notice();
    await appendEvents(dir, firstFile, loss(2), loss(3));
    await grown;
    expect([...(await following.points({ dir, tag: "loss" })).steps]).toEqual([1, 2, 3]);
    await following.close({ dir });
  });
});

test("reading changes nothing on disk", async () => {
  const dir = await temporaryFolder();
  await cp(fixture("runs/supervisor"), dir, { recursive: true });
  const before = await Promise.all((await readdir(dir)).map(async (name) => [name, (await stat(join(dir, name))).mtimeMs]));
  await reader.open({ dir, follow: false });
  await reader.checkpoints({ dir, nowSeconds: 0, forecast: 1 });
  await reader.graphLevel({ path: dir, scope: "" });
  expect(await Promise.all((await readdir(dir)).map(async (name) => [name, (await stat(join(dir, name))).mtimeMs]))).toEqual(before);
});

test("a run asked about after its folder went is refused, and read when it is there again", async () => {
  const dir = await temporaryFolder();
  const run = join(dir, "run");
  await cp(fixture("runs/diverged"), run, { recursive: true });
  await rename(run, `${run}-away`);
  await expect(reader.open({ dir: run, follow: false })).rejects.toThrow("ENOENT");
  await rename(`${run}-away`, run);
  await utimes(run, 1, 1);
  expect((await reader.open({ dir: run, follow: false })).tags).toHaveLength(1);
  await rm(run, { recursive: true });
});
