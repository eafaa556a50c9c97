// trainscope scalars: every point of a run's scalars at full resolution, raw and smoothed.
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { UserError } from "#base/errors";
import { csvCells, csvHeading, curvePoints, jsonPoint, type PrintedPoint } from "#host/reader/curvePoints";
import { RunReader } from "#host/reader/runReader";
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

/** Prints the scalars of a run, or of one event file, whose tags match. */
export async function scalars(word: string, options: ScalarsOptions, terminal: Terminal): Promise<number> {
  const { path, name } = await placeOf(word);
  const reader = new RunReader(path, () => undefined);
  try {
    await patiently("Reading", reader.refresh());
    const wanted = globPattern(options.tag ?? "*");
    const { smoothing, restarts } = options;
    const found: TagPoints[] = [];
    for (const { tag, kind } of reader.content().tags) {
      const series = reader.events.tag(tag);
      if (kind !== "scalar" || !series || !wanted.test(tag)) continue;
      found.push({ tag, points: [...curvePoints(series, { smoothing: { weight: smoothing, timed: false, bridge: false }, superseded: restarts === "keep" })] });
    }
    if (found.length === 0 && options.tag !== undefined)
      throw new UserError(`No scalar of ${word} matches ${options.tag}.`, "trainscope inspect lists its tags.");
    print({ run: name, found }, options, terminal);
  } finally {
    reader.dispose();
  }
  return 0;
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
    terminal.out(`${csvHeading(kept)}\n`);
    for (const { tag, points } of found) terminal.out(points.map((point) => `${csvCells(tag, point, kept)}\n`).join(""));
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
