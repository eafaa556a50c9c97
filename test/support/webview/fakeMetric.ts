// The run of the design target around its checkpoints: hour clock, restart, saves that are gone, the loss over time.
import type { CheckpointMetric, Timeline } from "#model/checkpointOutlook";
import { seeded } from "./fakeCurves";

/** 14:16 today: the run's times are told as of then. */
export function fakeNow(): number {
  return new Date().setHours(14, 16, 0, 0) / 1000;
}

const minute = 60;

/** A save every 5 min since 10:44, a crash at 13:33, a restart at 13:36:40. */
export function fakeHistory(now: number): Timeline {
  const built = now - (3 * 60 + 37) * minute - 14;
  const first = now - (3 * 60 + 32) * minute;
  const there = new Set([1500, 3000, 4500, 6000, 7750, 8000, 8500]);
  const saves = Array.from({ length: 34 }, (_, index) => ({ prefix: `model-${250 * (index + 1)}`, step: 250 * (index + 1), seconds: first + index * 5 * minute }));
  return {
    ticks: [1, 2, 3, 4, 5].map((mark) => ({ seconds: built + mark * 30 * minute })).concat({ seconds: now - 9.4 * minute }),
    restarts: [{ seconds: now - 39.4 * minute, forgot: ["model-8500", "model-7750"], step: 8500 }],
    past: saves.filter(({ step }) => !there.has(step)),
  };
}

/** Falls from 0.34 to 0.11, and after the restart to 0.096 with its best at step 10,500. */
export function fakeMetric(now: number): CheckpointMetric {
  const random = seeded(11);
  const start = now - 217 * minute;
  const crash = now - 43 * minute;
  const restart = now - 38 * minute;
  const wallTimeSeconds: number[] = [];
  const raw: number[] = [];
  const smoothed: number[] = [];
  let wave = 0;
  const add = (at: number, value: number): void => {
    wave = wave * 0.92 + (random() - 0.5) * 0.012;
    wallTimeSeconds.push(at);
    smoothed.push(value + wave * 0.18);
    raw.push(value * (1 + (random() + random() - 1) * 0.3) + wave);
  };
  for (let at = start; at < crash; at += 30) add(at, 0.106 + 0.23 * Math.exp(-((at - start) / (crash - start)) * 4.2));
  const breaks = [wallTimeSeconds.length];
  for (let at = restart; at < now; at += 20) add(at, 0.0955 + ((at - (now - 19 * minute)) / (20 * minute)) ** 2 * 0.014);
  return {
    tag: "gen_loss_L1", better: "lower", smoothing: 0.99, tags: ["discriminator_loss", "gen_loss_GAN", "gen_loss_L1"],
    curve: { wallTimeSeconds: Float64Array.from(wallTimeSeconds), raw: Float64Array.from(raw), smoothed: Float64Array.from(smoothed), breaks: Uint32Array.from(breaks) },
  };
}

/** The metric of the checkpoints, by step: smoothed and raw. */
export const fakeValues: Readonly<Record<number, readonly [smoothed: number, raw: number]>> = {
  12000: [0.0995, 0.0933], 11500: [0.0992, 0.0979], 11000: [0.0974, 0.0945], 10500: [0.0959, 0.0928], 10000: [0.0991, 0.0969], 9500: [0.1027, 0.1137],
  9000: [0.1093, 0.1118], 8500: [0.1088, 0.1223], 8000: [0.1086, 0.1012], 7750: [0.1085, 0.0995], 6000: [0.1157, 0.1233], 4500: [0.1279, 0.1277],
  3000: [0.1528, 0.1567], 1500: [0.2111, 0.1987],
};
