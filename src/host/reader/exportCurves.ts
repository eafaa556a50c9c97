// Writes curves to a file as CSV or JSON, line by line: all points, however many.
import { encodeUtf8 } from "#formats/bytes/utf8";
import { writeInPieces } from "#node/writeInPieces";
import { explainWrite } from "#node/writeProblem";
import type { ExportRequest } from "#protocol/readerApi";
import { csvCells, csvHeading, csvText, curvePoints, jsonPoint } from "./curvePoints";
import type { FindSeries } from "./curves";

/** Lines are handed on in pieces of about this many characters. */
const pieceLength = 64 * 1024;

/** The file is whole or not there. */
export async function writeCurves(request: ExportRequest, find: FindSeries): Promise<{ readonly points: number }> {
  const counted = { points: 0 };
  const text = request.format === "csv" ? csvLines(request, find, counted) : jsonLines(request, find, counted);
  try {
    await writeInPieces(request.path, pieces(text));
  } catch (error) {
    throw explainWrite(`The export ${request.path}`, error);
  }
  return counted;
}

interface Counted {
  points: number;
}

async function* csvLines({ curves, superseded }: ExportRequest, find: FindSeries, counted: Counted): AsyncGenerator<string> {
  yield `run,${csvHeading(superseded)}\n`;
  for (const { dir, run, ...wish } of curves) {
    const { series } = await find(dir, wish.tag);
    const name = csvText(run);
    for (const point of curvePoints(series, { ...wish, superseded })) {
      counted.points++;
      yield `${name},${csvCells(wish.tag, point, superseded)}\n`;
    }
  }
}

async function* jsonLines({ curves, superseded }: ExportRequest, find: FindSeries, counted: Counted): AsyncGenerator<string> {
  yield '{"curves":[';
  for (const [at, { dir, run, ...wish }] of curves.entries()) {
    const { series } = await find(dir, wish.tag);
    const { tag, smoothing, decay } = wish;
    yield `${at > 0 ? "," : ""}\n{${JSON.stringify({ run, tag, smoothing, decay }).slice(1, -1)},"points":[`;
    let first = true;
    for (const point of curvePoints(series, { ...wish, superseded })) {
      counted.points++;
      yield `${first ? "" : ","}\n${JSON.stringify(jsonPoint(point, superseded), finite)}`;
      first = false;
    }
    yield "]}";
  }
  yield "\n]}\n";
}

/** JSON has no word for NaN and infinities: they are text, as in the command line's answers. */
function finite(_: string, item: unknown): unknown {
  return typeof item === "number" && !Number.isFinite(item) ? String(item) : item;
}

async function* pieces(lines: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield encodeUtf8(piece);
    piece = "";
  }
  yield encodeUtf8(piece);
}
