// Escapes in the strings of protobuf's text form, with the habits of Python's library (ST-8).
import { joinBytes } from "../bytes/byteOrder";
import { encodeUtf8 } from "../bytes/utf8";

const simple: Readonly<Record<string, number>> = {
  n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11, "\\": 92, "'": 39, '"': 34,
};

/**
 * Bytes of a text with escapes; undefined if a `\x`, `\u` or `\U` lacks its digits. An unknown escape keeps its
 * backslash. `\u` and `\U` up to ff give one byte, above it they stay as they are: that is what Python's library does.
 */
export function unescapeString(text: string): Uint8Array | undefined {
  const pieces: (string | number)[] = [];
  const pattern = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))/g;
  let after = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push(text.slice(after, match.index));
    after = match.index + match[0].length;
    const piece = unescapeOne(match);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  pieces.push(text.slice(after));
  return gather(pieces);
}

function unescapeOne([whole, octal, hex, short, long, letter]: RegExpMatchArray): string | number | undefined {
  if (octal !== undefined) return Number.parseInt(octal, 8) & 255;
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const code = short ?? long;
  if (code !== undefined) {
    const point = Number.parseInt(code, 16);
    return point < 256 ? point : `\\${whole.charAt(1)}${code.toLowerCase()}`;
  }
  if (letter === "x" || letter === "u" || letter === "U") return undefined;
  return simple[letter ?? ""] ?? whole;
}

function gather(pieces: readonly (string | number)[]): Uint8Array {
  return joinBytes(pieces.map((piece) => (typeof piece === "number" ? Uint8Array.of(piece) : encodeUtf8(piece))));
}
