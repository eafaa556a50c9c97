// UTF-8 text in bytes: lenient where files are known to hold other bytes, strict where that is an error.

const encoder = new TextEncoder();
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 of a text; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Text of bytes; what is not UTF-8 becomes U+FFFD, because old writers put any bytes into tags (formats 1). */
export function decodeUtf8(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** Text of bytes, or undefined if they are not UTF-8. */
export function decodeStrictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many bytes there are before the first that is no UTF-8; all, if the text ends within a character. */
export function utf8Length(bytes: Uint8Array): number {
  let [valid, end] = [0, bytes.length];
  while (valid < end) {
    const middle = (valid + end + 1) >>> 1;
    if (beginsAsUtf8(bytes.subarray(0, middle))) valid = middle;
    else end = middle - 1;
  }
  return valid;
}

/** Also where the last character is cut. */
function beginsAsUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
