// A host for the curves view with a run that grows, has ended, rests, or has nothing.
import { openChannel } from "#protocol/channel";
import type { CurvesAsks, CurvesTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { fakeCheckpoints, fakeRun, fakeSeries, fakeSlice, fakeTag, type FakeSeries } from "./fakeCurves";
import { pageBorder, wantedCase } from "./fakeHost";

const now = Date.now() / 1000;
const which = wantedCase();
const series: FakeSeries[] = which === "empty" ? [] : [
  fakeSeries("discriminator_loss", { from: 1.4, to: 0.7, noise: 0.4, points: 249, every: 50, nan: 125 }),
  fakeSeries("generator_loss_GAN", { from: 0.8, to: 2.2, noise: 1.1, points: 12_401, every: 1, restart: 5000 }),
  fakeSeries("generator_loss_L1", { from: 0.9, to: 0.4, noise: 0.15, points: 12_401, every: 1, restart: 5000 }),
  fakeSeries("batch/fraction_of_32_full", { from: 0.2, to: 0.9, noise: 0.1, points: 249, every: 50 }),
  ...(which === "many" ? Array.from({ length: 40 }, (_, index) => fakeSeries(
    `generator/encoder_${index}/conv2d_transpose_with_a_really_long_name/kernel/gradient_norm_${index}`, { from: 3, to: 1e-4 * index, noise: 1e-5, points: 120, every: 100 })) : []),
];
let revision = 1;
const states = { ended: { state: "finished" }, failed: { state: "failed", end: { how: "failed", step: 12_400, error: "generator_loss is NaN at step 12,400." } }, stale: { lastWallTimeSeconds: now - 380 } } as const;
const run = fakeRun({ ...(which in states ? states[which as keyof typeof states] : {}), ...(which === "many" ? { name: "a-run-with-a-name-that-does-not-fit-into-any-sidebar-2026-11-22" } : {}) });

const asks: CurvesAsks = {
  command: async ({ id }) => console.log("command", id),
  open: async () => ({ run, revision, tags: series.map(fakeTag), checkpoints: [...fakeCheckpoints(now)].reverse() }),
  slice: async (request) => {
    const found = series.find(({ tag }) => tag === request.tag);
    if (!found) throw new Error(`no tag ${request.tag}`);
    return fakeSlice(found, request, revision);
  },
  restore: async ({ prefix }) => {
    console.log("restore", prefix);
    return { restored: true };
  },
};
const view = openChannel<HostSide<CurvesAsks>, ViewSide<CurvesTells>>(pageBorder(), { asks, tells: {} });

if (which === "live") {
  window.setInterval(() => {
    for (const one of series) {
      one.steps.push((one.steps.at(-1) ?? 0) + 50);
      one.values.push((one.values.at(-1) ?? 1) * (0.95 + Math.random() * 0.1));
    }
    view.tell.seriesChanged({ revision: ++revision });
  }, 50);
}
