// A clock that stands still unless moved; sleeping moves it at once.
import type { Clock } from "#runtime/training/clock";

export class FakeClock implements Clock {
  #seconds: number;
  /** The lengths of all sleeps so far. */
  readonly slept: number[] = [];

  constructor(seconds = 1_700_000_000) {
    this.#seconds = seconds;
  }

  nowSeconds(): number {
    return this.#seconds;
  }

  moveTo(seconds: number): void {
    this.#seconds = seconds;
  }

  advance(seconds: number): void {
    this.#seconds += seconds;
  }

  async sleep(seconds: number): Promise<void> {
    this.slept.push(seconds);
    if (seconds > 0 && Number.isFinite(seconds)) this.#seconds += seconds;
    // A macrotask, so that others who are ready come first, as they would during a real sleep.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
