// The two families of error that are not our mistake: wrong bytes, and something the person can fix.

/** Why bytes were refused; one word that code may switch on. */
export type FormatReason =
  | "truncated"
  | "badLengthCrc"
  | "badDataCrc"
  | "badMagic"
  | "badChecksum"
  | "recordTooLarge"
  | "tooDeep"
  | "tooMany"
  | "malformed"
  | "unsupported"
  | "outOfRange";

/** Where and how bytes were wrong. `offset` counts bytes from the start of `file`. */
export interface FormatPlace {
  readonly file?: string;
  readonly offset?: number;
  readonly wanted?: number | string;
  readonly got?: number | string;
}

/** Bytes that do not follow their format: reason, place, what was wanted and what was there. */
export class FormatError extends Error {
  override readonly name = "FormatError";

  constructor(
    readonly reason: FormatReason,
    readonly what: string,
    readonly place: FormatPlace = {},
  ) {
    super(describe(what, place));
  }

  /** Where the wrong bytes begin, in the file or, where none is named, in what was to be decoded; 0 where all of it is wrong. */
  get offset(): number {
    return this.place.offset ?? 0;
  }

  /**
   * The same of bytes that are part of a file: they begin at `offset` of it. `inside` is false where places in them are none of the
   * file, because they were packed.
   */
  within({ file, offset, inside = true }: { readonly file: string; readonly offset: number; readonly inside?: boolean }): FormatError {
    return new FormatError(this.reason, this.what, { ...this.place, file, offset: offset + (inside ? this.offset : 0) });
  }
}

/** Something the person can fix: a whole sentence for them, and at most one thing to do about it. */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(
    message: string,
    readonly action?: string,
  ) {
    super(message);
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(message: string, { file, offset, wanted, got }: FormatPlace): string {
  const where = [file, offset === undefined ? undefined : `byte ${offset.toLocaleString("en")}`].filter(Boolean);
  const what = wanted === undefined ? undefined : `wanted ${wanted}, got ${got ?? "nothing"}`;
  const place = [where.join(", "), what].filter(Boolean).join(": ");
  return place ? `${message} (${place})` : message;
}
