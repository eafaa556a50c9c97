// Which points stand after restarts, worked out from the expectations alone (formats 8).
export interface RulePoint {
  readonly step: number;
  readonly value: number | string;
}

/** The points of one tag. Segments never fall; a point that is superseded stays in its segment and no longer stands. */
export class RuleSeries {
  readonly #segments: { readonly points: RulePoint[]; stands: number }[] = [];
  #cut = false;

  add(point: RulePoint): void {
    const current = this.#segments.at(-1);
    const last = current?.points.at(-1);
    if (!current || !last) return this.#begin(point);
    const falls = point.step < last.step;
    const first = current.points[0]?.step ?? 0;
    if (!falls && !this.#cut) {
      current.points.push(point);
      current.stands = current.points.length;
      return;
    }
    if (falls && (this.#cut || point.step > first)) this.#supersede(point.step);
    this.#begin(point);
  }

  /** A START at a step above 0. */
  start(step: number): void {
    if (this.#supersede(step)) this.#cut = true;
  }

  get all(): RulePoint[] {
    return this.#segments.flatMap(({ points }) => points);
  }

  get standing(): RulePoint[] {
    return this.#segments.flatMap(({ points, stands }) => points.slice(0, stands));
  }

  #begin(point: RulePoint): void {
    this.#cut = false;
    this.#segments.push({ points: [point], stands: 1 });
  }

  #supersede(step: number): boolean {
    let any = false;
    for (const segment of this.#segments) {
      const stands = segment.points.slice(0, segment.stands).filter((point) => point.step < step).length;
      any ||= stands < segment.stands;
      segment.stands = stands;
    }
    return any;
  }
}
