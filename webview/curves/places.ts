// How a place on the x axis is written: steps, times, or the values of another tag.
import type { AxisKind } from "#model/scalars";
import type { Numbers } from "#kit/numbers";
import { axisLabels, type Axis } from "./axes";

/** The name of an axis in a sentence. */
export function axisWord(axis: AxisKind): string {
  switch (axis.kind) {
    case "step": return "step";
    case "index": return "point";
    case "wall": return "time";
    case "relative": return "after";
    case "active": return "training time";
    case "tag": return axis.tag;
  }
}

/** The labels of an axis. `short`: for a narrow column, `4k`. */
export function placeLabels(axis: Axis, kind: AxisKind, { numbers, locale, short }: { readonly numbers: Numbers; readonly locale: string; readonly short: boolean }): readonly string[] {
  switch (kind.kind) {
    case "step":
    case "index": {
      const whole = axis.ticks.every((tick) => Number.isInteger(tick));
      return whole ? axis.ticks.map(short ? numbers.shortCount : numbers.count) : axisLabels(axis, locale);
    }
    case "wall": {
      const fine = axis.ticks.some((tick) => tick % 60 !== 0);
      return axis.ticks.map((tick, at) => (fine ? numbers.time(tick) : numbers.clock(tick, axis.ticks[at - 1] ?? tick)));
    }
    case "relative":
    case "active": return axis.ticks.map((tick) => numbers.duration(tick));
    case "tag": return axisLabels(axis, locale);
  }
}

/** One place in full. */
export function placeText(place: number, kind: AxisKind, numbers: Numbers): string {
  switch (kind.kind) {
    case "step":
    case "index": return numbers.count(Math.round(place));
    case "wall": return numbers.fullTime(place);
    case "relative":
    case "active": return numbers.duration(place);
    case "tag": return numbers.value(place);
  }
}
