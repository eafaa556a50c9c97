// The strip of saves as geometry: past saves linear in time, coming ones in slots that never collide.
import type { CheckpointInfo, ForecastSave } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markOf, type MarkKind } from "#kit/marks";
import type { Numbers } from "#kit/numbers";
import { stepName } from "./words";

/** A part of the past, in seconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** A save of the past that is still there. `x` in pixels. */
export interface PastMark {
  readonly x: number;
  readonly kind: MarkKind;
  readonly checkpoint: CheckpointInfo;
}

/** A save to come, and what it does. */
export interface ComingSave {
  readonly x: number;
  readonly save: number;
  /** Left out where the save before it has the same, and where no trainer runs. */
  readonly clock: string;
  /** What goes or becomes an hour mark with this save; the save's own step when nothing does. */
  readonly label: string;
  readonly kind: MarkKind | undefined;
  readonly deletes: readonly string[];
  readonly words: string;
  /** The same by the rule that is written, while another is tried out. */
  readonly written?: Pick<ComingSave, "label" | "kind">;
}

/** Everything on the strip but the curve. */
export interface StripModel {
  readonly width: number;
  /** Where now is; past to its left. */
  readonly now: number;
  readonly from: number;
  readonly range: TimeRange;
  /** Pixels of a time of the past. */
  place(seconds: number): number;
  readonly past: readonly PastMark[];
  /** Saves whose files are gone. */
  readonly gone: readonly number[];
  /** Ticks of the hour clock. */
  readonly notches: readonly number[];
  readonly restarts: readonly { readonly x: number; readonly seconds: number; readonly forgot: number }[];
  readonly coming: readonly ComingSave[];
  /** Width of the place of each. */
  readonly slot: number;
  /** Coming saves that are known, but lie beyond the right edge. */
  readonly more: number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly arc?: { readonly from: number; readonly to: number };
}

/** What the strip is laid out for. */
export interface StripOptions {
  readonly width: number;
  readonly gutter: number;
  readonly numbers: Numbers;
  readonly selected?: string;
  /** The coming save under the pointer or the keys; its arc is drawn instead of the selected checkpoint's. */
  readonly ghost?: number;
  /** In half a window: slots without words but for what is selected. */
  readonly compact?: boolean;
  /** The whole past where left out; in half a window its newest part. */
  readonly range?: TimeRange;
  /** How many coming saves are scrolled out to the left. */
  readonly skipped?: number;
  /** The forecast of the written rule, while another is tried out. */
  readonly written?: readonly ForecastSave[];
}

const leastSlot = 51;
/** As narrow as a pointer can hit. */
const compactSlot = 24;
/** A time under each so many of them. */
const compactTimes = 3;
const mostSlots = 8;
/** Share of the width that the saves to come may take; without words they leave the past enough with more. */
const slotShare = 0.5;
const compactShare = 0.6;
/** In half a window the past begins with this one of the newest. */
const compactMarks = 10;
const minutesSteps = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10_080];

/** Lays the strip out for a width. */
export function stripModel(snapshot: CheckpointsSnapshot, options: StripOptions): StripModel {
  const { checkpoints, forecast, nowSeconds, timeline } = snapshot;
  const { width, gutter, numbers, selected, ghost, skipped = 0, compact = false } = options;
  const slot = compact ? compactSlot : slotOf(forecast, options.written);
  const room = Math.max(1, Math.min(mostSlots, Math.floor(((width - gutter) * (compact ? compactShare : slotShare)) / slot)));
  const shown = forecast.slice(skipped, skipped + room);
  const now = Math.round(width - shown.length * slot - (shown.length > 0 ? 8 : 16));
  const whole = wholePast(snapshot);
  const newest = { from: checkpoints[compactMarks]?.wallTimeSeconds ?? whole.from, to: whole.to };
  const range = options.range ?? (compact ? newest : whole);
  const left = gutter + 12;
  const place = (seconds: number): number => left + ((seconds - range.from) / (range.to - range.from)) * (now - 12 - left);
  const inRange = (seconds: number): boolean => seconds >= range.from && seconds <= range.to;
  const marks = checkpoints.filter(({ wallTimeSeconds }) => inRange(wallTimeSeconds)).reverse()
    .map((checkpoint): PastMark => ({ x: place(checkpoint.wallTimeSeconds), kind: markOf(checkpoint), checkpoint }));
  const past = spread(marks, { start: gutter + 8, end: now - 10 });
  const coming = comingSaves(snapshot, shown, { ...options, first: now + 8 + slot / 2, slot });
  const at = (seconds: readonly number[]): number[] => seconds.filter(inRange).map((one) => Math.round(place(one)));
  return {
    width, now, from: left, range, place, past, coming, slot, more: Math.max(0, forecast.length - skipped - shown.length),
    gone: at(timeline.past.map(({ seconds }) => seconds)), notches: at(timeline.ticks.map(({ seconds }) => seconds)),
    restarts: timeline.restarts.filter(({ seconds }) => inRange(seconds)).map(({ seconds, forgot }) => ({ x: Math.round(place(seconds)), seconds, forgot: forgot.length })),
    ticks: checkpoints.length === 0 ? [] : ticksOf(range, { nowSeconds, place, end: now, numbers }),
    arc: arcOf({ past, coming, selected, ghost }),
  };
}

/** From the first thing that is known to now. */
export function wholePast({ checkpoints, nowSeconds, timeline, metric, run }: CheckpointsSnapshot): TimeRange {
  const curve = metric?.curve.wallTimeSeconds;
  const known = [...checkpoints.map(({ wallTimeSeconds }) => wallTimeSeconds), ...timeline.past.map(({ seconds }) => seconds)];
  // The past of a run that has ended long ago ends with it: what it did is not squeezed into a corner.
  const end = run.state === "running" ? nowSeconds : Math.max(...known, curve?.at(-1) ?? -Infinity);
  const to = Number.isFinite(end) ? end : nowSeconds;
  return { from: Math.min(...known, curve?.[0] ?? Infinity, to - 60), to };
}

/** Whether a range shows all of the past. */
export function isWhole({ from, to }: TimeRange, snapshot: CheckpointsSnapshot): boolean {
  const whole = wholePast(snapshot);
  return to - from >= (whole.to - whole.from) * 0.999;
}

/** The range after zooming by `factor` (below 1: in) about a time. Never more than the whole, never less than a minute. */
export function zoomed(range: TimeRange, { whole, factor, about }: { readonly whole: TimeRange; readonly factor: number; readonly about: number }): TimeRange {
  const length = Math.min(whole.to - whole.from, Math.max(60, (range.to - range.from) * factor));
  const share = (about - range.from) / (range.to - range.from);
  return within({ from: about - share * length, to: about + (1 - share) * length }, whole);
}

/** The range moved by some seconds, stopped at the ends of the whole. */
export function panned(range: TimeRange, seconds: number, whole: TimeRange): TimeRange {
  return within({ from: range.from + seconds, to: range.to + seconds }, whole);
}

function within({ from, to }: TimeRange, whole: TimeRange): TimeRange {
  const shift = Math.max(0, whole.from - from) - Math.max(0, to - whole.to);
  return { from: from + shift, to: to + shift };
}

// As wide as the longest label needs, so that none ever meets its neighbour.
function slotOf(forecast: readonly ForecastSave[], written: readonly ForecastSave[] = []): number {
  const longest = Math.max(0, ...[...forecast, ...written].flatMap(({ deletes, keepsForever, step }) =>
    [...deletes, ...keepsForever].map((prefix) => /\d+$/.exec(prefix)?.[0].length ?? Math.min(12, prefix.length)).concat(String(step ?? "").length)));
  return Math.max(leastSlot, Math.ceil((longest + Math.floor((longest - 1) / 3)) * 6.6 + 12));
}

function comingSaves(snapshot: CheckpointsSnapshot, shown: readonly ForecastSave[], { written, first, slot, numbers, compact, selected, ghost }: StripOptions & {
  readonly first: number; readonly slot: number;
}): ComingSave[] {
  const { nowSeconds, run, timesUnknown } = snapshot;
  // Without a trainer the order of coming saves is known, but not their time.
  const timed = run.state === "running" && !timesUnknown;
  const clock = (seconds: number): string => numbers.clock(nowSeconds + seconds, nowSeconds);
  const said = (save: ForecastSave | undefined): boolean => save !== undefined && (ghost === save.save || (selected !== undefined && save.deletes.includes(selected)));
  return shown.map((save, index) => {
    const before = shown[index - 1];
    const same = before !== undefined && clock(before.atSeconds) === clock(save.atSeconds);
    const other = written?.find((one) => one.save === save.save);
    const effect = effectOf(save, snapshot, numbers);
    const quiet = compact && !said(save);
    // The words of one save take the room of its neighbours.
    const crowded = quiet && (said(before) || said(shown[index + 1]));
    return {
      x: Math.round(first + slot * index), save: save.save, clock: same || !timed || (compact && index % compactTimes > 0) ? "" : clock(save.atSeconds),
      ...effect, ...(quiet && { label: "" }), ...(crowded && { kind: undefined }), ...(other && !compact && { written: effectOf(other, snapshot, numbers) }),
    };
  });
}

function arcOf({ past, coming, selected, ghost }: {
  past: readonly PastMark[]; coming: readonly ComingSave[]; selected: string | undefined; ghost: number | undefined;
}): StripModel["arc"] {
  const hovered = coming.find(({ save }) => save === ghost);
  const gone = hovered ? hovered.deletes[0] : selected;
  const end = hovered ?? coming.find(({ deletes }) => gone !== undefined && deletes.includes(gone));
  const start = past.find(({ checkpoint }) => checkpoint.prefix === gone);
  return gone !== undefined && start && end ? { from: start.x, to: end.x } : undefined;
}

type Effect = Pick<ComingSave, "label" | "kind" | "deletes" | "words">;

function effectOf(save: ForecastSave, { checkpoints, nowSeconds, run, timesUnknown }: CheckpointsSnapshot, numbers: Numbers): Effect {
  const name = (prefix: string): string => stepName(prefix, checkpoints, numbers);
  const time = run.state === "running" ? timesUnknown ? "at an unknown time" : `about ${numbers.clock(nowSeconds + save.atSeconds, nowSeconds)}` : "after a restart";
  const which = save.step === undefined ? `Save ${save.save} to come` : `Save of step ${numbers.count(save.step)}`;
  const kept = save.keepsForever[0];
  const gone = save.deletes[0];
  if (kept !== undefined) return { label: name(kept), kind: "hourMark", deletes: save.deletes, words: `${which}, ${time}, keeps step ${name(kept)} for good.` };
  const held = save.spares[0];
  if (held !== undefined) return { label: name(held), kind: "protected", deletes: save.deletes, words: `${which}, ${time}, leaves step ${name(held)}, which is held.` };
  if (gone !== undefined) {
    const more = save.deletes.length > 1 ? ` and ${save.deletes.length - 1} more` : "";
    return { label: `−${name(gone)}`, kind: undefined, deletes: save.deletes, words: `${which}, ${time}, deletes step ${name(gone)}${more}.` };
  }
  return { label: save.step === undefined ? "" : numbers.count(save.step), kind: undefined, deletes: [], words: `${which}, ${time}, deletes nothing.` };
}

// Marks that would touch are pushed left so that each can be seen and hit; the oldest that find no room are in the table only.
function spread(marks: readonly PastMark[], { start, end }: { start: number; end: number }): readonly PastMark[] {
  const least = 14;
  let limit = end;
  return [...marks].reverse().map((mark) => {
    const x = Math.round(Math.min(mark.x, limit));
    limit = x - least;
    return { ...mark, x };
  }).reverse().filter(({ x }) => x >= start);
}

function ticksOf({ from, to }: TimeRange, { nowSeconds, place, end, numbers }: {
  nowSeconds: number; place: (seconds: number) => number; end: number; numbers: Numbers;
}): StripModel["ticks"] {
  const minutes = (to - from) / 60;
  const wanted = Math.max(2, Math.floor((place(to) - place(from)) / 96));
  const step = (minutesSteps.find((candidate) => minutes / candidate <= wanted) ?? 10_080) * 60;
  const zone = new Date(nowSeconds * 1000).getTimezoneOffset() * 60;
  const ticks: { x: number; label: string }[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at < to; at += step) {
    const tick = { x: Math.round(place(at)), label: numbers.clock(at, nowSeconds) };
    if (tick.x < end - tick.label.length * 3.5 - 6) ticks.push(tick);
  }
  return ticks;
}

/** The next mark to stop at by key, past and to come alike: an index over both. */
export function stripStop(index: number, key: string, count: number): number {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return Math.min(count - 1, Math.max(0, index + (key === "ArrowRight" ? 1 : -1)));
}
