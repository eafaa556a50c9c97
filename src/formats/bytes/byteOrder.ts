// The order of keys in tables, and joining of byte arrays.

/** Below zero, zero or above zero as `a` sorts before, with or after `b`, byte by byte as unsigned numbers. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = sharedPrefix(a, b);
  return shared < a.length && shared < b.length ? (a[shared] ?? 0) - (b[shared] ?? 0) : a.length - b.length;
}

/** Number of leading bytes that `a` and `b` have in common. */
export function sharedPrefix(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  return at;
}

/** All parts one after another. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
