// A host for the curves view with runs that grow, have ended, rest, are damaged or have nothing; cut by the reader's own code.
import { activeClock } from "#analysis/series/activeTime";
import type { AxisSources } from "#analysis/series/axisColumn";
import { pointNear, summarize } from "#analysis/series/curveSummary";
import { sliceGroup } from "#analysis/series/groupMean";
import type { SeriesView } from "#analysis/series/seriesView";
import { sliceSeries } from "#analysis/series/slice";
import type { TagSeries } from "#host/reader/tagSeries";
import type { RunInfo } from "#model/run";
import type { CurveRequest } from "#model/scalars";
import { openChannel } from "#protocol/channel";
import type { CurvesAsks, CurvesRun, CurvesTells } from "#protocol/curvesApi";
import { pack, type Packed } from "#protocol/packed";
import type { OrRefused } from "#protocol/readerApi";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import { fakeCheckpoints, fakeRun, fakeSeries, type Shape } from "./fakeCurves";
import { pageBorder, wantedCase } from "./fakeHost";

const now = Date.now() / 1000;
const which = wantedCase();
const start = now - 5400;

interface FakeRun {
  readonly run: RunInfo;
  readonly style: number;
  readonly tags: Map<string, TagSeries>;
  readonly extra?: Partial<CurvesRun>;
}

const usual: Readonly<Record<string, Shape>> = {
  generator_loss_GAN: { from: 0.8, to: 2.2, noise: 0.9, points: 12_401, every: 1, restart: 5000, spike: 0.735 },
  generator_loss_L1: { from: 0.9, to: 0.42, noise: 0.12, points: 12_401, every: 1, restart: 5000 },
  discriminator_loss_1: { from: 1.5, to: 0.7, noise: 0.3, points: 249, every: 50, nan: 125, restart: 5000 },
  "batch/fraction_of_32_full": { from: 0.2, to: 0.9, noise: 0.1, points: 249, every: 50 },
  "load_images/fraction_of_32_full": { from: 0.1, to: 0.6, noise: 0.1, points: 249, every: 50 },
};

function fake(change: Partial<RunInfo>, style: number, { shapes = usual, seed = style, scale = 1, length = 1, extra }: {
  readonly shapes?: Readonly<Record<string, Shape>>; readonly seed?: number; readonly scale?: number; readonly length?: number; readonly extra?: Partial<CurvesRun>;
} = {}): FakeRun {
  const name = change.name ?? "pix2pix-7";
  const tags = new Map(Object.entries(shapes).map(([tag, shape]) => [tag, fakeSeries(tag, {
    ...shape, to: shape.to * scale, points: Math.round(shape.points * length), seed, ...(seed > 0 && { restart: undefined, spike: undefined, nan: tag.startsWith("disc") && seed === 1 ? shape.nan : undefined }),
  }, start)]));
  return { run: fakeRun({ dir: `/home/ada/facades/runs/${name}`, name, ...change }), style, tags, ...(extra && { extra }) };
}

const states: Readonly<Record<string, Partial<RunInfo>>> = {
  ended: { state: "finished" },
  failed: { state: "failed", end: { how: "failed", step: 12_400, error: "generator_loss is NaN at step 12,400." } },
  stale: { lastWallTimeSeconds: now - 380 },
  many: { name: "a-run-with-a-name-that-does-not-fit-into-any-sidebar-2026-11-22" },
};
const finished = { state: "finished", progress: undefined } as const;
const deep = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [
  `generator/encoder_${index % 8}/conv2d_transpose_with_a_really_long_name/kernel/gradient_norm_${index}`, { from: 3, to: 1e-4 * (index + 1), noise: 1e-5, points: 120, every: 100 } satisfies Shape]));

function runsOf(): FakeRun[] {
  const own = fake(states[which] ?? {}, 0, {
    shapes: which === "empty" ? {} : which === "many" ? { ...usual, ...deep } : usual,
    extra: which === "loading" ? { reading: { bytes: 18.2e6, of: 96.4e6, halted: false } }
      : which === "damaged" ? { damage: [{ file: "events.out.tfevents.1795318574.host", offset: 4096, reason: "badDataCrc", afterStep: 27 }] }
      : which === "average" ? { averages: [{ tag: "generator_loss_L1", decay: 0.99 }] } : {},
  });
  const other = fake({ name: "pix2pix-5", lastStep: 34_300, ...finished }, 1, { scale: 0.94, length: 34_301 / 12_401 });
  if (["two", "hovered"].includes(which)) return [own, other];
  if (which === "gone") return [];
  if (which === "twelve") return [own, ...Array.from({ length: 11 }, (_, at) => fake({ name: `ablation-${at + 1}`, lastStep: 12_400, ...finished }, at + 1, { scale: 0.9 + at * 0.03 }))];
  if (which !== "compare") return [own];
  const paused = fake({ name: "pix2pix-4", lastStep: 8150, state: "stopped", progress: undefined }, 2, { scale: 1.05, length: 8151 / 12_401 });
  const seeds = [1, 2, 3, 4, 5].map((seed) => fake({ name: `lr-2e-4/seed-${seed}`, lastStep: 14_000, ...finished }, 3, { seed: 20 + seed, scale: 0.9 + seed * 0.01, length: 14_001 / 12_401 }));
  return [own, other, paused, ...seeds];
}

const runs = runsOf();
let revision = 1;
const style = new Map(runs.map(({ run, style: one }) => [run.dir, one]));
const settings = which === "compare" ? JSON.stringify({ smoothing: { weight: 0.99 }, y: "log", columns: 3, baseline: runs[1]?.run.dir }) : which === "two" ? JSON.stringify({ smoothing: { weight: 0.99 } }) : "";

function found(dir: string, tag: string): { readonly series: TagSeries; readonly run: FakeRun } {
  const run = runs.find((one) => one.run.dir === dir);
  const series = run?.tags.get(tag);
  if (!run || !series) throw new Error(`This run has no scalar “${tag}”.`);
  return { run, series };
}

function viewOf({ dir, ...request }: CurveRequest & { readonly dir: string }): SeriesView {
  const { series, run } = found(dir, request.tag);
  const sources: AxisSources & { readonly axisVersion: number } = {
    axisVersion: revision, firstSeconds: start, clock: () => activeClock(series.series, []), tag: (name) => run.tags.get(name)?.series,
  };
  return series.view(request, sources);
}

function packedEach<Request, Answer>(requests: readonly Request[], answer: (request: Request) => Answer): Packed<readonly OrRefused<Answer>[]> {
  return pack(requests.map((request) => {
    try {
      return { answer: answer(request) };
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) };
    }
  }));
}

const asks: CurvesAsks = {
  command: async ({ id }) => console.log("command", id),
  commandOn: async ({ id, dir }) => console.log("command", id, dir),
  open: async () => ({
    own: which === "gone" ? "/home/ada/facades/runs/pix2pix-6" : (runs[0]?.run.dir ?? ""), dirs: runs.map(({ run }) => run.dir), known: 10, settings, mayChange: true,
    runs: runs.map(({ run, tags, extra }) => ({
      run, style: style.get(run.dir) ?? 0, revision, tags: [...tags].map(([tag, series]) => series.info(tag)), checkpoints: [...fakeCheckpoints(now)].reverse(), averages: [], damage: [], ...extra,
    })),
  }),
  slices: async ({ requests }) => packedEach(requests, (request) => sliceSeries(viewOf(request), request, { revision, spikes: found(request.dir, request.tag).series.spikes(), oneStep: false })),
  groupSlices: async ({ requests }) => packedEach(requests, ({ dirs, ...request }) => sliceGroup(dirs.map((dir) => viewOf({ ...request, dir })), request)),
  summaries: async ({ requests }) => packedEach(requests, (request) => summarize(viewOf(request), request.at)),
  pointsNear: async ({ requests }) => packedEach(requests, (request) => pointNear(viewOf(request), request.x)),
  planRestore: async ({ prefix, branch }) => console.log(branch ? "branch" : "restore", prefix),
  showInGraph: async ({ tag }) => console.log("showInGraph", tag),
  pickRuns: async () => console.log("pickRuns"),
  pickTags: async ({ tags, chosen }) => ({ chosen: tags.filter((tag, at) => at < 2 || chosen.includes(tag)) }),
  dropRun: async ({ dir }) => console.log("dropRun", dir),
  setStyle: async ({ dir, style: one }) => {
    style.set(dir, one);
    view.tell.runChanged({});
  },
  remember: async ({ settings: kept }) => console.log("remember", kept),
  exportCurves: async ({ format, curves }) => ({ text: `Wrote ${curves.length} curves as ${format}` }),
  saveImage: async ({ image }) => {
    Object.assign(globalThis, { savedImage: image });
    return { text: `Wrote the picture as ${image.kind}` };
  },
  halt: async ({ resume }) => console.log("halt", resume),
  showBytes: async ({ offset }) => console.log("showBytes", offset),
  copy: async ({ text }) => {
    Object.assign(globalThis, { copiedText: text });
  },
};
const view = openChannel<HostSide<CurvesAsks>, ViewSide<CurvesTells>>(pageBorder(), { asks, tells: {} });

if (which === "live") {
  window.setInterval(() => {
    for (const { run, tags } of runs) {
      for (const series of tags.values()) {
        const { steps, values, wallTimeSeconds, length } = series.series;
        series.addFromFile({ step: (steps[length - 1] ?? 0) + 50, value: (values[length - 1] ?? 1) * (0.95 + Math.random() * 0.1), wallTimeSeconds: (wallTimeSeconds[length - 1] ?? 0) + 3 });
      }
      view.tell.seriesChanged({ changes: [{ dir: run.dir, revision: ++revision }] });
    }
  }, 50);
}
