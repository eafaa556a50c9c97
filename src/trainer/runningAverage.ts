// TensorBoard's debiased average of one tag, value by value as they are recorded.

/** What has been averaged so far; values that are not finite do not advance it. */
export class RunningAverage {
  #average = 0;
  #weight = 0;

  constructor(private readonly smoothing: number) {}

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#average = this.#average * this.smoothing + (1 - this.smoothing) * value;
    this.#weight = this.#weight * this.smoothing + (1 - this.smoothing);
  }

  /** Undefined before the first value. */
  get value(): number | undefined {
    return this.#weight === 0 ? undefined : this.#average / this.#weight;
  }
}
