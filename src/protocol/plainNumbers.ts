// Messages on their way through VS Code's border to a page: JSON but for typed arrays. NaN and infinities would arrive as null, and of many typed arrays the last ones empty.

/** Names a number that JSON has no word for. No message of ours has such a key. */
const mark = "\u0000number";

/** Kinds of columns. */
const kinds = [Float64Array, Float32Array, Uint32Array, Int32Array, Uint16Array, Uint8Array] as const;
type Column = InstanceType<(typeof kinds)[number]>;
/** Bytes of which each column begins at a multiple. */
export const alignment = 8;

/**
 * The message with every such number named. Its typed arrays share one buffer: VS Code's border writes the number of buffers
 * in one byte (`writeMixedArray` of its `rpcProtocol.ts`), so that those behind the 253rd arrive as arrays without values.
 */
export function packNumbers(message: unknown): unknown {
  const columns = columnsIn(message);
  const together = columns.length > 1 ? joined(columns) : new Map<Column, Column>();
  const pack = (value: unknown): unknown => {
    if (typeof value === "number") return namedNumber(value);
    return isColumn(value) ? (together.get(value) ?? value) : mapped(value, pack);
  };
  return pack(message);
}

/** The number as JSON can say it. */
export function namedNumber(value: number): unknown {
  return Number.isFinite(value) ? value : { [mark]: String(value) };
}

/** The bytes up to where the next column may begin. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function columnsIn(message: unknown): readonly Column[] {
  const found: Column[] = [];
  const look = (value: unknown): void => {
    if (isColumn(value)) found.push(value);
    else if (Array.isArray(value)) value.forEach(look);
    else if (isPlain(value)) Object.values(value).forEach(look);
  };
  look(message);
  return found;
}

/** Copies of the columns, one behind the other in one buffer. */
function joined(columns: readonly Column[]): ReadonlyMap<Column, Column> {
  const { buffer } = new Uint8Array(columns.reduce((sum, { byteLength }) => sum + aligned(byteLength), 0));
  const copies = new Map<Column, Column>();
  let at = 0;
  for (const column of columns) {
    const copy = new (kindOf(column) ?? Uint8Array)(buffer, at, column.length);
    copy.set(column);
    copies.set(column, copy);
    at += aligned(column.byteLength);
  }
  return copies;
}

function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && kindOf(value) !== undefined;
}

/** Node's buffers are none of them. */
function kindOf(value: ArrayBufferView): (typeof kinds)[number] | undefined {
  return kinds.find((kind) => Object.getPrototypeOf(value) === kind.prototype);
}

/** Takes `packNumbers` back. `other` may name what else a plain object stands for. */
export function unpackNumbers(message: unknown, other: (object: Readonly<Record<string, unknown>>) => unknown = () => undefined): unknown {
  const unpacked = (one: unknown): unknown => {
    if (!isPlain(one)) return mapped(one, unpacked);
    if (typeof one[mark] === "string") return Number(one[mark]);
    return other(one) ?? mapped(one, unpacked);
  };
  return unpacked(message);
}

/** A copy only where a part of it becomes another: most messages are walked through and no more. */
function mapped(value: unknown, of: (one: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    let list: unknown[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const one = of(value[at]);
      if (one !== value[at]) (list ??= [...(value as unknown[])])[at] = one;
    }
    return list ?? value;
  }
  if (!isPlain(value)) return value;
  let object: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const one = of(value[key]);
    if (one !== value[key]) (object ??= { ...value })[key] = one;
  }
  return object ?? value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
