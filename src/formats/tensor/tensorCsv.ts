// A tensor as comma-separated values: a line for each row of its last axis (docs/formats/exports.md).
import { decodeStrictUtf8 } from "../bytes/utf8";
import type { TensorValues } from "../bundle/decodeTensor";

/** The elements of one piece of a tensor, as text. */
export type CsvValue = (values: TensorValues, at: number) => string;

/**
 * Turns elements that come one after the other into lines. Up to two axes make a plain matrix. With more, each line begins with
 * the indices of all axes but the last, and a heading says which is which.
 */
export class CsvLines {
  readonly #leading: readonly number[];
  readonly #columns: number;
  readonly #place: number[];
  #column = 0;

  constructor(shape: readonly number[]) {
    // A vector is a column: one value a line.
    const matrix = shape.length === 1 ? [...shape, 1] : shape;
    this.#columns = matrix.at(-1) ?? 1;
    this.#leading = matrix.length > 2 ? matrix.slice(0, -1) : [];
    this.#place = this.#leading.map(() => 0);
  }

  /** Empty where none is needed. */
  heading(): string {
    if (this.#leading.length === 0) return "";
    const columns = Array.from({ length: this.#columns }, (_, column) => String(column));
    return `${[...this.#leading.map((_, axis) => `axis ${axis}`), ...columns].join(",")}\n`;
  }

  /** The text of the next element, with what stands before and behind it. */
  add(text: string): string {
    const before = this.#column > 0 ? "," : this.#place.map((index) => `${index},`).join("");
    this.#column++;
    if (this.#column < this.#columns) return before + text;
    this.#column = 0;
    this.#step();
    return `${before}${text}\n`;
  }

  #step(): void {
    for (let axis = this.#leading.length - 1; axis >= 0; axis--) {
      const next = (this.#place[axis] ?? 0) + 1;
      this.#place[axis] = next < (this.#leading[axis] ?? 0) ? next : 0;
      if (next < (this.#leading[axis] ?? 0)) return;
    }
  }
}

/** How elements of a type are printed: with as many digits as bring them back; complex numbers as Python reads them, bools as 0 and 1. */
export function csvValueOf(dtype: string): { readonly print: CsvValue; readonly perElement: number } {
  if (dtype === "string") return { print: (values, at) => csvString(values[at]), perElement: 1 };
  const digits = ["float32", "float16", "bfloat16", "complex64"].includes(dtype) ? single : double;
  if (dtype.startsWith("complex")) {
    const print: CsvValue = (values, at) => {
      const imaginary = digits(values[2 * at + 1]);
      return `${digits(values[2 * at])}${/^[-+]/.test(imaginary) ? "" : "+"}${imaginary}j`;
    };
    return { print, perElement: 2 };
  }
  return { print: (values, at) => digits(values[at]), perElement: 1 };
}

function double(value: unknown): string {
  if (typeof value !== "number") return String(value);
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Nine digits always bring a 32-bit number back, fewer mostly do. */
function single(value: unknown): string {
  if (typeof value !== "number" || !Number.isFinite(value) || Number.isInteger(value)) return double(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** Text in quotes where CSV needs them; bytes that are no text in hexadecimal. */
function csvString(value: unknown): string {
  if (!(value instanceof Uint8Array)) return "";
  const text = decodeStrictUtf8(value);
  if (text === undefined) return `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
