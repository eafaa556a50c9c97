// NaN and infinities on their way through a border whose messages are JSON but for typed arrays: there they would arrive as null.

/** Names a number that JSON has no word for. No message of ours has such a key. */
const mark = "\u0000number";

/** The message with every such number named; typed arrays stay as they are. */
export function packNumbers(message: unknown): unknown {
  if (typeof message === "number") return Number.isFinite(message) ? message : { [mark]: String(message) };
  return mapped(message, packNumbers);
}

/** Takes `packNumbers` back. */
export function unpackNumbers(message: unknown): unknown {
  if (isPlain(message) && typeof message[mark] === "string") return Number(message[mark]);
  return mapped(message, unpackNumbers);
}

function mapped(value: unknown, of: (one: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(of);
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, of(one)])) : value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
