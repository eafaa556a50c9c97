// What the runner counts and prints: a line per failure with expected and got, skipped cases by their reason.
import { isDeepStrictEqual } from "node:util";

/** Something was found that differs from what is expected. */
export class Mismatch extends Error {
  constructor(
    readonly what: string,
    readonly wanted: unknown,
    readonly got: unknown,
  ) {
    super(`${what}: expected ${shown(wanted)}, got ${shown(got)}`);
  }
}

/** A case that asks for what the project does not offer. */
export class Skipped extends Error {}

const longestShown = 300;

export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;
  readonly #reasons = new Map<string, number>();

  constructor(private readonly print: (line: string) => void) {}

  /** Counts one case: failed where `work` finds a mismatch or throws anything else. */
  async check(name: string, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
      this.passed++;
    } catch (error) {
      if (error instanceof Skipped) return this.skip(error.message);
      this.#fail(name, error);
    }
  }

  /** Many cases, which count themselves. Expectations that cannot be read are one failure, and the other parts go on. */
  async part(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(name, error);
    }
  }

  skip(reason: string, cases = 1): void {
    this.skipped += cases;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + cases);
  }

  #fail(name: string, error: unknown): void {
    this.failed++;
    const text = error instanceof Mismatch ? error.message : `expected no error, got ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    this.print(oneLine(`FAIL ${name}: ${text}`));
  }

  /** The reasons for skipping, then the count; answers the exit code. */
  finish(): number {
    for (const [reason, cases] of this.#reasons) this.print(`SKIP ${cases}: ${reason}`);
    this.print(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
    return this.failed > 0 ? 1 : 0;
  }
}

/** Throws a Mismatch at the first place where the two differ. Arrays of numbers of any kind are alike. */
export function same(what: string, got: unknown, wanted: unknown): void {
  const place = difference(got, wanted, "");
  if (place) throw new Mismatch(`${what}${place.at}`, place.wanted, place.got);
}

/** Equal but for what rounding in another order of summing does. */
export function near(what: string, got: number, wanted: number, tolerance = 1e-6): void {
  if (Object.is(got, wanted) || Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted))) return;
  throw new Mismatch(what, wanted, got);
}

/** The value where there is one. */
export function need<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Mismatch(what, "something", value);
  return value;
}

interface Difference {
  readonly at: string;
  readonly wanted: unknown;
  readonly got: unknown;
}

function difference(got: unknown, wanted: unknown, at: string): Difference | undefined {
  if (isDeepStrictEqual(got, wanted)) return undefined;
  if (isList(got) && isList(wanted)) {
    if (got.length !== wanted.length) return { at: `${at} length`, wanted: wanted.length, got: got.length };
    for (let i = 0; i < wanted.length; i++) {
      const found = difference(got[i], wanted[i], `${at}[${i}]`);
      if (found) return found;
    }
    return undefined;
  }
  if (isRecord(got) && isRecord(wanted)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      const found = difference(got[key], wanted[key], `${at}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  return { at, wanted, got };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" || (typeof item === "number" && !Number.isFinite(item)) ? String(item) : item));
  const known = text ?? String(value);
  return known.length > longestShown ? `${known.slice(0, longestShown)}…` : known;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " | ").slice(0, 3 * longestShown);
}
