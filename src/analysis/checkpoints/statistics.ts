// Figures over the values of a variable that comes in pieces: extremes, mean, deviation, what is not finite, a histogram.
import type { Histogram, VariableStatistics } from "#model/checkpointLook";

/** Numbers in a row, as `decodeTensor` gives them; 64-bit integers are rounded to doubles. */
export type Numbers = ArrayLike<number> | BigInt64Array | BigUint64Array;

/** Bars of a histogram: as many as its picture has room for. */
const bars = 40;

/** The sums behind the figures. They are taken about the first finite value, so that large values cost no digits of the deviation. */
export class StatisticsSum {
  #count = 0;
  #finite = 0;
  #nan = 0;
  #infinite = 0;
  #zeros = 0;
  #min = Infinity;
  #max = -Infinity;
  #origin: number | undefined;
  #sum = 0;
  #squares = 0;
  #plainSquares = 0;

  add(values: Numbers): void {
    for (let at = 0; at < values.length; at++) {
      const value = Number(values[at]);
      if (value === 0) this.#zeros++;
      if (!Number.isFinite(value)) {
        if (Number.isNaN(value)) this.#nan++;
        else this.#infinite++;
        continue;
      }
      this.#finite++;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
      this.#origin ??= value;
      const away = value - this.#origin;
      this.#sum += away;
      this.#squares += away * away;
      this.#plainSquares += value * value;
    }
    this.#count += values.length;
  }

  /** Least and greatest finite value; NaN where there is none. */
  get range(): { readonly least: number; readonly greatest: number } {
    return this.#finite === 0 ? { least: NaN, greatest: NaN } : { least: this.#min, greatest: this.#max };
  }

  /** Of the finite values. */
  get squares(): number {
    return this.#plainSquares;
  }

  done(name: string, histogram: Histogram): VariableStatistics {
    const finite = this.#finite;
    const mean = finite === 0 ? NaN : (this.#origin ?? 0) + this.#sum / finite;
    const variance = finite === 0 ? NaN : Math.max(0, this.#squares / finite - (this.#sum / finite) ** 2);
    const { least, greatest } = this.range;
    return {
      name, count: this.#count, min: least, max: greatest, mean, std: Math.sqrt(variance), norm: Math.sqrt(this.#plainSquares),
      nan: this.#nan, infinite: this.#infinite, zeros: this.#zeros, histogram,
    };
  }
}

/** Counts finite values in equal bars over a range that is known before. */
export class HistogramSum {
  readonly #counts: number[];

  constructor(private readonly range: { readonly least: number; readonly greatest: number }) {
    const { least, greatest } = range;
    this.#counts = new Array<number>(Number.isNaN(least) ? 0 : least === greatest ? 1 : bars).fill(0);
  }

  add(values: Numbers): void {
    const { least, greatest } = this.range;
    const { length } = this.#counts;
    if (length === 0) return;
    const perUnit = least === greatest ? 0 : length / (greatest - least);
    for (let at = 0; at < values.length; at++) {
      const value = Number(values[at]);
      if (!Number.isFinite(value)) continue;
      const bar = Math.min(length - 1, Math.max(0, Math.floor((value - least) * perUnit)));
      this.#counts[bar] = (this.#counts[bar] ?? 0) + 1;
    }
  }

  done(): Histogram {
    return { ...this.range, counts: this.#counts };
  }
}
