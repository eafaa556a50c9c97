// An answer of many small columns of numbers as one piece of bytes, so that a program between two others hands it on without looking into it.
import { aligned, alignment, namedNumber, unpackNumbers } from "./plainNumbers";

/** `pack` of a value. Who hands it on need not know of what. */
export interface Packed<Value> {
  readonly bytes: Uint8Array;
  /** Never there: it carries the type to `unpack`. */
  readonly of?: Value;
}

type Column = Float64Array | Uint32Array | Uint16Array;
type Kind = "Float64Array" | "Uint32Array" | "Uint16Array";
const columns: { readonly [K in Kind]: new (buffer: ArrayBufferLike, at: number, length: number) => Column } = { Float64Array, Uint32Array, Uint16Array };

/** Stands for a column in the text: which kind, where its numbers begin, how many. No key of ours begins so. */
const mark = "\u0000column";
/** The text's length comes first. */
const lengthBytes = 4;

/** Puts a value of plain objects, lists, texts, numbers and columns of numbers into one buffer: its text, then all numbers. What is undefined is left out. */
export function pack<Value>(value: Value): Packed<Value> {
  const found: { readonly column: Column; readonly at: number }[] = [];
  let numbers = 0;
  const replace = (_: string, one: unknown): unknown => {
    if (typeof one === "number") return namedNumber(one);
    if (!isColumn(one)) return one;
    found.push({ column: one, at: numbers });
    const place = { [mark]: [kindOf(one), numbers, one.length] };
    numbers += aligned(one.byteLength);
    return place;
  };
  const text = new TextEncoder().encode(JSON.stringify(value, replace));
  const begin = aligned(lengthBytes + text.length);
  const bytes = new Uint8Array(begin + numbers);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, lengthBytes);
  for (const { column, at } of found) bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), begin + at);
  return { bytes };
}

/** Takes `pack` back; columns are views of the buffer. */
export function unpack<Value>({ bytes }: Packed<Value>): Value {
  // Columns need their alignment: what came at another place is copied.
  const own = bytes.byteOffset % alignment === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = own;
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  const begin = byteOffset + aligned(lengthBytes + length);
  const text = new TextDecoder().decode(own.subarray(lengthBytes, lengthBytes + length));
  return unpackNumbers(JSON.parse(text), (one) => {
    const place = one[mark] as readonly [Kind, number, number] | undefined;
    return place && new columns[place[0]](buffer, begin + place[1], place[2]);
  }) as Value;
}

function isColumn(one: unknown): one is Column {
  return one instanceof Float64Array || one instanceof Uint32Array || one instanceof Uint16Array;
}

function kindOf(column: Column): Kind {
  return column instanceof Float64Array ? "Float64Array" : column instanceof Uint32Array ? "Uint32Array" : "Uint16Array";
}
