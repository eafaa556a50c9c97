// What the command line prints: JSON by the contract's rules, tables, sizes, ages, and where colour is welcome.

/**
 * One JSON document: NaN and infinities as strings, 64-bit integers beyond 2^53 as decimal strings, byte strings as text
 * or base64.
 */
export function printJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => plain(item));
}

function plain(item: unknown): unknown {
  if (typeof item === "number" && !Number.isFinite(item)) return String(item);
  if (typeof item === "bigint") return Number.isSafeInteger(Number(item)) ? Number(item) : item.toString();
  if (item instanceof Uint8Array) return byteString(item);
  if (ArrayBuffer.isView(item) && !(item instanceof DataView))
    return Array.from(item as unknown as ArrayLike<number | bigint>);
  if (item instanceof Map) return Object.fromEntries(item as Map<string, unknown>);
  return item;
}

/**
 * A JSON document in parts: the members of `head`, of which there is at least one, then one list more, whose items are documents, in one part or in parts. So it may be
 * longer than one text can be.
 */
export function* jsonWithList(head: object, [name, items]: readonly [string, Iterable<string | Iterable<string>>]): Generator<string> {
  yield `${printJson(head).slice(0, -1)},${printJson(name)}:[`;
  let between = "";
  for (const item of items) {
    yield between;
    if (typeof item === "string") yield item;
    else yield* item;
    between = ",";
  }
  yield "]}";
}

/** Bytes as JSON has them: text where they are valid UTF-8, else base64. */
export function byteString(bytes: Uint8Array): string | { readonly base64: string } {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { base64: Buffer.from(bytes).toString("base64") };
    throw error;
  }
}

/** Where output goes; tests give their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly colour: boolean;
}

/** The terminal we were started from. Colour only where it is one, and not where NO_COLOR asks for none. */
export const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colour: process.stdout.isTTY === true && !process.env["NO_COLOR"],
};

/** Output is handed on in pieces of about this many characters. */
const pieceLength = 64 * 1024;

/** Prints parts of text that together may be longer than one text can be. */
export function outInPieces({ out }: Terminal, parts: Iterable<string>): void {
  let piece = "";
  for (const part of parts) {
    piece += part;
    if (piece.length < pieceLength) continue;
    out(piece);
    piece = "";
  }
  if (piece !== "") out(piece);
}

/** Rows under headings, columns as wide as needed; numbers (cells that begin with a digit) stand on the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [...tableLines(headings, () => rows)].join("");
}

/** As `table`, line by line, of rows that are gone through twice: once for the widths of the columns. */
export function* tableLines(headings: readonly string[], rows: () => Iterable<readonly string[]>): Generator<string> {
  const columns = headings.map((heading) => ({ width: heading.length, numeric: true }));
  let any = false;
  for (const row of rows()) {
    any = true;
    for (const [at, column] of columns.entries()) {
      const cell = visible(row[at] ?? "");
      column.width = Math.max(column.width, cell.length);
      column.numeric &&= /^([-\d].*)?$/.test(cell);
    }
  }
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => {
      const { width, numeric } = columns[at] ?? { width: 0, numeric: false };
      return any && numeric ? visible(cell).padStart(width) : visible(cell).padEnd(width);
    }).join("  ").trimEnd();
  yield `${line(headings)}\n`;
  for (const row of rows()) yield `${line(row)}\n`;
}

/** Names come out of files: control characters must not steer the terminal. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => {
      const code = character.charCodeAt(0).toString(16);
      return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
    },
  );
}

/** Bytes as a person reads them: 1.4 MB. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit] ?? ""}`;
}

/** A span of time in its two largest units: 3 h 20 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two([Math.floor(whole / 60), "min"], [whole % 60, "s"]);
  if (whole < 86_400) return two([Math.floor(whole / 3600), "h"], [Math.floor((whole % 3600) / 60), "min"]);
  return two([Math.floor(whole / 86_400), "d"], [Math.floor((whole % 86_400) / 3600), "h"]);
}

/** A value in at most five digits. */
export function value(number: number | undefined): string {
  if (number === undefined) return "";
  return Number.isInteger(number) && Math.abs(number) < 1e6
    ? String(number)
    : Number.isFinite(number)
      ? String(Number(number.toPrecision(5)))
      : String(number);
}

/** A whole number with its thousands apart. */
export function count(number: number | undefined): string {
  return number === undefined ? "" : number.toLocaleString("en");
}

function two(...parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
