// The strip of saves as geometry: past saves linear in time, coming ones in slots that never collide.
import type { CheckpointInfo } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markOf, type MarkKind } from "#kit/marks";
import type { Numbers } from "#kit/numbers";

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
}

export interface StripModel {
  readonly width: number;
  /** Where now is; past to its left. */
  readonly now: number;
  readonly from: number;
  readonly past: readonly PastMark[];
  readonly coming: readonly ComingSave[];
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** From the selected checkpoint to the save that deletes it. */
  readonly arc?: { readonly from: number; readonly to: number };
}

const slot = 56;
const mostSlots = 8;
const minutesSteps = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10_080];

/** Lays the strip out for a width; `selected` gets its arc. */
export function stripModel(snapshot: CheckpointsSnapshot, { width, gutter, selected, numbers }: {
  readonly width: number; readonly gutter: number; readonly selected?: string; readonly numbers: Numbers;
}): StripModel {
  const { checkpoints, nowSeconds, run } = snapshot;
  // Without a trainer the order of coming saves is known, but not their time.
  const isRunning = run.state === "running";
  const room = Math.max(1, Math.min(mostSlots, Math.floor(((width - gutter) * 0.45) / slot)));
  const coming = snapshot.forecast.slice(0, room);
  const now = Math.round(width - coming.length * slot - (coming.length > 0 ? 8 : 16));
  const oldest = Math.min(...checkpoints.map(({ wallTimeSeconds }) => wallTimeSeconds), nowSeconds - 60);
  const left = gutter + 12;
  const place = (seconds: number): number => left + ((seconds - oldest) / (nowSeconds - oldest)) * (now - 12 - left);
  const past = spread([...checkpoints].reverse().map((checkpoint) => ({ x: place(checkpoint.wallTimeSeconds), kind: markOf(checkpoint), checkpoint })), { start: gutter + 8, end: now - 10 });
  const saves = coming.map((save, index): ComingSave => {
    const x = now + 8 + slot * (index + 0.5);
    const clock = (seconds: number): string => numbers.clock(nowSeconds + seconds, nowSeconds);
    const before = coming[index - 1];
    const same = before !== undefined && clock(before.atSeconds) === clock(save.atSeconds);
    return { x, save: save.save, clock: same || !isRunning ? "" : clock(save.atSeconds), ...effectOf(save, snapshot, numbers) };
  });
  const end = saves.find(({ deletes }) => selected !== undefined && deletes.includes(selected));
  const start = past.find(({ checkpoint }) => checkpoint.prefix === selected);
  return {
    width, now, from: left, past, coming: saves, ticks: past.length === 0 ? [] : ticksOf({ oldest, nowSeconds, place, numbers }),
    arc: start && end ? { from: start.x, to: end.x } : undefined,
  };
}

type Effect = Pick<ComingSave, "label" | "kind" | "deletes" | "words">;

function effectOf(save: CheckpointsSnapshot["forecast"][number], { checkpoints, nowSeconds, run }: CheckpointsSnapshot, numbers: Numbers): Effect {
  const name = (prefix: string): string => {
    const step = checkpoints.find((one) => one.prefix === prefix)?.step ?? stepInName(prefix);
    return step === undefined ? prefix : numbers.count(step);
  };
  const time = run.state === "running" ? `about ${numbers.clock(nowSeconds + save.atSeconds, nowSeconds)}` : "after a restart";
  const which = save.step === undefined ? `Save ${save.save} to come` : `Save near step ${numbers.count(save.step)}`;
  const kept = save.keepsForever[0];
  const gone = save.deletes[0];
  if (kept !== undefined) return { label: name(kept), kind: "hourMark", deletes: save.deletes, words: `${which}, ${time}, keeps step ${name(kept)} for good.` };
  if (gone !== undefined) {
    const more = save.deletes.length > 1 ? ` and ${save.deletes.length - 1} more` : "";
    return { label: `−${name(gone)}`, kind: undefined, deletes: save.deletes, words: `${which}, ${time}, deletes step ${name(gone)}${more}.` };
  }
  return { label: save.step === undefined ? "" : numbers.count(save.step), kind: undefined, deletes: [], words: `${which}, ${time}, deletes nothing.` };
}

// The forecast names saves that do not exist yet; their step is in the prefix that they will have.
function stepInName(prefix: string): number | undefined {
  const found = /-(\d+)$/.exec(prefix)?.[1];
  return found === undefined ? undefined : Number(found);
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

function ticksOf({ oldest, nowSeconds, place, numbers }: {
  oldest: number; nowSeconds: number; place: (seconds: number) => number; numbers: Numbers;
}): StripModel["ticks"] {
  const minutes = (nowSeconds - oldest) / 60;
  const wanted = Math.max(2, Math.floor((place(nowSeconds) - place(oldest)) / 96));
  const step = (minutesSteps.find((candidate) => minutes / candidate <= wanted) ?? 10_080) * 60;
  const zone = new Date(nowSeconds * 1000).getTimezoneOffset() * 60;
  const ticks: { x: number; label: string }[] = [];
  for (let at = Math.ceil((oldest - zone) / step) * step + zone; at < nowSeconds - step * 0.3; at += step) {
    ticks.push({ x: Math.round(place(at)), label: numbers.clock(at, nowSeconds) });
  }
  return ticks;
}

/** The next mark to stop at by key, past and to come alike: an index over both. */
export function stripStop(index: number, key: string, count: number): number {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return Math.min(count - 1, Math.max(0, index + (key === "ArrowRight" ? 1 : -1)));
}
