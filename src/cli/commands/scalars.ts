// trainscope scalars: every point of a run's scalars at full resolution, raw and smoothed.
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { UserError } from "#base/errors";
import { csvCells, csvHeading, curvePoints, jsonPoint, type PrintedPoint } from "#host/reader/curvePoints";
import { RunReader } from "#host/reader/runReader";
import { isEventFileName } from "#node/eventFiles";
import { isNotFound } from "#node/files";
import { jsonWithList, outInPieces, printJson, tableLines, visible, type Terminal } from "../output";
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
      const wish = { smoothing: { weight: smoothing, timed: false, bridge: false }, superseded: restarts === "keep" };
      found.push({ tag, points: () => curvePoints(series, wish) });
    }
    if (found.length === 0 && options.tag !== undefined)
      throw new UserError(`No scalar of ${word} matches ${options.tag}.`, "trainscope inspect lists its tags.");
    outInPieces(terminal, lines({ run: name, found }, options));
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

/** Of each tag the points are gone through as they are printed: together they may be more than fit into a text. */
interface TagPoints {
  readonly tag: string;
  readonly points: () => Iterable<PrintedPoint>;
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

interface FoundTags {
  readonly run: string;
  readonly found: readonly TagPoints[];
}

function lines(tags: FoundTags, options: ScalarsOptions): Iterable<string> {
  if (options.format === "json") return jsonDocument(tags, options);
  return options.format === "csv" ? csvLines(tags, options) : tables(tags, options);
}

function* jsonDocument({ run, found }: FoundTags, { smoothing, restarts }: ScalarsOptions): Generator<string> {
  const printed = function* ({ points }: TagPoints): Generator<string> {
    for (const point of points()) yield printJson(jsonPoint(point, restarts === "keep"));
  };
  const tags = found.map((one) => jsonWithList({ tag: one.tag }, ["points", printed(one)]));
  yield* jsonWithList({ run, smoothing, restarts }, ["tags", tags]);
  yield "\n";
}

function* csvLines({ found }: FoundTags, { restarts }: ScalarsOptions): Generator<string> {
  const kept = restarts === "keep";
  yield `${csvHeading(kept)}\n`;
  for (const { tag, points } of found) for (const point of points()) yield `${csvCells(tag, point, kept)}\n`;
}

function* tables({ found }: FoundTags, { smoothing, restarts }: ScalarsOptions): Generator<string> {
  if (found.length === 0) yield "No scalars.\n";
  const [smooth, kept] = [smoothing > 0, restarts === "keep"];
  const headings = ["STEP", "VALUE", ...(smooth ? ["SMOOTHED"] : []), ...(kept ? ["RESTART"] : [])];
  const cells = ({ step, value, smoothed, superseded }: PrintedPoint): string[] => [
    String(step), String(value), ...(smooth ? [String(smoothed)] : []), ...(kept ? [superseded ? "superseded" : ""] : []),
  ];
  for (const { tag, points } of found) {
    yield `${visible(tag)}\n`;
    yield* tableLines(headings, function* () {
      for (const point of points()) yield cells(point);
    });
  }
}
