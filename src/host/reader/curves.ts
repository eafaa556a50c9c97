// Curves out of the runs that a reader holds: cuts, summaries, single points, and whole files of them.
import { activeClock, type ActiveClock } from "#analysis/series/activeTime";
import { pointNear, summarize } from "#analysis/series/curveSummary";
import { sliceGroup } from "#analysis/series/groupMean";
import type { SeriesView } from "#analysis/series/seriesView";
import { sliceSeries } from "#analysis/series/slice";
import { messageOf, UserError } from "#base/errors";
import type { AxisKind, CurveRequest, ScalarBatch, Slice, SliceRequest } from "#model/scalars";
import { pack, type Packed } from "#protocol/packed";
import type { OrRefused, ReaderAsks } from "#protocol/readerApi";
import { writeCurves } from "./exportCurves";
import type { RunReader } from "./runReader";
import type { RunSources, TagSeries } from "./tagSeries";

/** A tag that was found, and the run that it is in. */
export interface FoundSeries {
  readonly series: TagSeries;
  readonly reader: RunReader;
}

/** Finds a scalar tag of a run; throws UserError where there is none. */
export type FindSeries = (dir: string, tag: string) => Promise<FoundSeries>;

/** The asks about curves. */
export function curveAsks(find: FindSeries): Pick<ReaderAsks, "points" | "slices" | "groupSlices" | "summaries" | "pointsNear" | "exportCurves"> {
  const viewOf = async (request: CurveRequest & { readonly dir: string }): Promise<SeriesView> => {
    const found = await find(request.dir, request.tag);
    return found.series.view(request, sourcesOf(found.reader));
  };
  return {
    points: async ({ dir, tag }) => standingPoints(tag, (await find(dir, tag)).series),
    slices: ({ requests }) => each(requests, async (request) => slice(await find(request.dir, request.tag), request)),
    groupSlices: ({ requests }) =>
      each(requests, async ({ dirs, ...request }) => {
        const found = await Promise.all(dirs.map((dir) => find(dir, request.tag)));
        // All at once: a view is valid until its series changes.
        return sliceGroup(found.map(({ series, reader }) => series.view(request, sourcesOf(reader))), request);
      }),
    // Steps never fall on the axis of steps, whatever axis is drawn.
    summaries: ({ requests }) => each(requests, async (request) => summarize(await viewOf({ ...request, axis: { kind: "step" } }), request.at)),
    pointsNear: ({ requests }) => each(requests, async (request) => pointNear(await viewOf(request), request.x)),
    exportCurves: (request) => writeCurves(request, find),
  };
}

function slice({ series, reader }: FoundSeries, request: SliceRequest): Slice {
  const oneStep = request.axis.kind === "step" && hasOneStep(series);
  const axis: AxisKind = oneStep ? { kind: "index" } : request.axis;
  const view = series.view({ ...request, axis }, sourcesOf(reader));
  const { from: _from, to: _to, ...whole } = request;
  // The ends asked for are steps; where all points have one, they stand elsewhere.
  return sliceSeries(view, oneStep ? whole : request, { revision: reader.revision, oneStep, spikes: view.permuted ? [] : series.spikes() });
}

/** A step that was never set (formats 8). */
function hasOneStep({ series: { steps, length } }: TagSeries): boolean {
  return length > 1 && steps.every((step) => step === steps[0]);
}

function sourcesOf(reader: RunReader): RunSources {
  const { events } = reader;
  return {
    axisVersion: reader.revision,
    firstSeconds: events.firstWallTimeSeconds,
    clock: () => clockOf(reader),
    tag: (name) => events.tag(name)?.series,
  };
}

const clocks = new WeakMap<RunReader, { readonly revision: number; readonly clock: ActiveClock }>();

/** One clock for all tags of a run, made anew when the run has changed. */
function clockOf(reader: RunReader): ActiveClock {
  const known = clocks.get(reader);
  if (known?.revision === reader.revision) return known.clock;
  const { densest, sessionStarts } = reader.events;
  const clock = densest ? activeClock(densest.series, sessionStarts) : (seconds: number): number => seconds;
  clocks.set(reader, { revision: reader.revision, clock });
  return clock;
}

/** Packed where they are made: who hands them on to a page would stand still over thousands of them. */
async function each<Request, Answer>(requests: readonly Request[], answer: (request: Request) => Promise<Answer>): Promise<Packed<readonly OrRefused<Answer>[]>> {
  const answers: OrRefused<Answer>[] = [];
  for (const request of requests) {
    try {
      answers.push({ answer: await answer(request) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      answers.push({ refused: messageOf(error) });
    }
  }
  return pack(answers);
}

/** What stands, in the order of the files. */
function standingPoints(tag: string, { series }: TagSeries): ScalarBatch {
  const take = (column: Float64Array): Float64Array => {
    const parts = series.segments.map(({ from, standing }) => column.subarray(from, standing));
    const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  };
  return { tag, steps: take(series.steps), values: take(series.values), wallTimeSeconds: take(series.wallTimeSeconds) };
}
