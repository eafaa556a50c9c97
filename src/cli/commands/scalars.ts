// trainscope scalars: every point of a run's scalars at full resolution, raw and smoothed.
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { UserError } from "#base/errors";
import { RunReader } from "#host/reader/runReader";
import type { TagSeries } from "#host/reader/tagSeries";
import { isEventFileName } from "#node/eventFiles";
import { isNotFound } from "#node/files";
import { printJson, table, visible, type Terminal } from "../output";
import { runNamed } from "../paths";
import { patiently } from "../patience";

/** Options of `trainscope scalars`. */
export interface ScalarsOptions {
  /** `*` stands for any text, `?` for one character. */
  readonly tag?: string;
  /** Weight of TensorBoard's debiased average, 0 to below 1. */
  readonly smoothing: number;
  /** Whether what a restart superseded is left out. */
  readonly restarts: "purge" | "keep";
  readonly format: "table" | "csv" | "json";
}

/** One point as it is printed. */
export interface PrintedPoint {
  readonly step: number;
  readonly wallTimeSeconds: number;
  readonly value: number;
  readonly smoothed: number;
  readonly superseded: boolean;
}

/** Prints the scalars of a run, or of one event file, whose tags match. */
export async function scalars(word: string, options: ScalarsOptions, terminal: Terminal): Promise<number> {
  const { path, name } = await placeOf(word);
  const reader = new RunReader(path, () => undefined);
  try {
    await patiently("Reading", reader.refresh());
    const wanted = globPattern(options.tag ?? "*");
    const found: TagPoints[] = [];
    for (const { tag, kind } of reader.content().tags) {
      const series = reader.events.tag(tag);
      if (kind !== "scalar" || !series || !wanted.test(tag)) continue;
      found.push({ tag, points: pointsOf(series, options) });
    }
    if (found.length === 0 && options.tag !== undefined)
      throw new UserError(`No scalar of ${word} matches ${options.tag}.`, "trainscope inspect lists its tags.");
    print({ run: name, found }, options, terminal);
  } finally {
    reader.dispose();
  }
  return 0;
}

/** The points of a series in the order of the files, smoothed as the curves view smooths: anew after each restart. */
export function pointsOf(
  series: TagSeries,
  { smoothing, restarts }: Pick<ScalarsOptions, "smoothing" | "restarts">,
): PrintedPoint[] {
  const { steps, values, wallTimeSeconds, segments } = series.series;
  const smoothed = series.smoothed(smoothing);
  const points: PrintedPoint[] = [];
  for (const { from, to, standing } of segments) {
    for (let at = from; at < (restarts === "purge" ? standing : to); at++) {
      points.push({
        step: steps[at] ?? 0,
        wallTimeSeconds: wallTimeSeconds[at] ?? NaN,
        value: values[at] ?? NaN,
        smoothed: smoothed[at] ?? NaN,
        superseded: at >= standing,
      });
    }
  }
  return points;
}

/** A pattern for whole tags. */
export function globPattern(glob: string): RegExp {
  const text = glob.replace(/[\\^$+.()|[\]{}]/g, "\\$&").replace(/\*/g, "[^]*").replace(/\?/g, "[^]");
  return new RegExp(`^${text}$`, "u");
}

interface TagPoints {
  readonly tag: string;
  readonly points: readonly PrintedPoint[];
}

async function placeOf(word: string): Promise<{ readonly path: string; readonly name: string }> {
  const path = resolve(word);
  const there = await stat(path).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (there?.isFile() && isEventFileName(basename(path))) return { path, name: "." };
  const { dir, name, eventFiles } = await runNamed(word);
  if (eventFiles.length === 0) throw new UserError(`${word} holds no event file.`, "trainscope ls shows the runs below a folder.");
  return { path: dir, name };
}

function print(
  { run, found }: { readonly run: string; readonly found: readonly TagPoints[] },
  { format, smoothing, restarts }: ScalarsOptions,
  terminal: Terminal,
): void {
  const kept = restarts === "keep";
  if (format === "json") {
    const tags = found.map(({ tag, points }) => ({ tag, points: points.map((point) => jsonPoint(point, kept)) }));
    terminal.out(`${printJson({ run, smoothing, restarts, tags })}\n`);
  } else if (format === "csv") {
    terminal.out(`tag,step,wall_time,value,smoothed${kept ? ",superseded" : ""}\n`);
    for (const { tag, points } of found) terminal.out(points.map((point) => csvLine(tag, point, kept)).join(""));
  } else if (found.length === 0) terminal.out("No scalars.\n");
  else {
    for (const { tag, points } of found) {
      const rows = points.map(({ step, value, smoothed, superseded }) => [
        String(step),
        String(value),
        ...(smoothing > 0 ? [String(smoothed)] : []),
        ...(kept ? [superseded ? "superseded" : ""] : []),
      ]);
      const headings = ["STEP", "VALUE", ...(smoothing > 0 ? ["SMOOTHED"] : []), ...(kept ? ["RESTART"] : [])];
      terminal.out(`${visible(tag)}\n${table(headings, rows)}`);
    }
  }
}

function jsonPoint({ superseded, ...point }: PrintedPoint, kept: boolean): object {
  return kept ? { ...point, superseded } : point;
}

function csvLine(tag: string, { step, wallTimeSeconds, value, smoothed, superseded }: PrintedPoint, kept: boolean): string {
  const cells = [csvText(tag), step, wallTimeSeconds, value, smoothed, ...(kept ? [superseded] : [])];
  return `${cells.join(",")}\n`;
}

function csvText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
