// The words of protobuf's text form, read one after another as Python's library reads them (ST-8).
import { FormatError } from "#base/errors";
import { joinBytes } from "../bytes/byteOrder";
import { encodeUtf8 } from "../bytes/utf8";
import { unescapeString } from "./unescapeString";

const blanks = /(?:[ \t\n\v\f\r]+|#[^\n\r]*)+/y;
const word = /[A-Za-z_][0-9A-Za-z_+-]*/y;
const number = /(?:[0-9+-]|\.[0-9])[0-9A-Za-z_.+-]*/y;
const doubleQuoted = /"[^"\n\r\\]*(?:\\[^\n\r][^"\n\r\\]*)*"/y;
const singleQuoted = /'[^'\n\r\\]*(?:\\[^\n\r][^'\n\r\\]*)*'/y;

/** A cursor over a text. The current token is "" at the end. */
export class TextTokens {
  #at = 0;
  #token = "";
  #start = 0;

  constructor(private readonly text: string) {
    this.#advance();
  }

  get token(): string {
    return this.#token;
  }

  get atEnd(): boolean {
    return this.#token === "";
  }

  /** The current token, and the cursor on the next. */
  take(): string {
    const token = this.#token;
    this.#advance();
    return token;
  }

  /** Takes the current token if it is this one. */
  takeIf(token: string): boolean {
    if (this.#token !== token) return false;
    this.#advance();
    return true;
  }

  expect(token: string): void {
    if (!this.takeIf(token)) throw this.error(`wanted ${token}`);
  }

  /** A field's name or a bare value. */
  takeWord(): string {
    if (!/^[A-Za-z_]/.test(this.#token)) throw this.error("wanted a name");
    return this.take();
  }

  /** The bytes of one string, or of several that stand side by side. */
  takeString(): Uint8Array {
    if (!this.#isString()) throw this.error("wanted a text in quotes");
    const parts = [this.#stringBytes()];
    while (this.#isString()) parts.push(this.#stringBytes());
    return parts.length === 1 && parts[0] ? parts[0] : joinBytes(parts);
  }

  /** An error at the current token; its offset counts characters. */
  error(message: string): FormatError {
    const line = this.text.slice(0, this.#start).split("\n").length;
    const got = this.#token.slice(0, 40) || "the end";
    return new FormatError("malformed", `line ${line} of a text message: ${message}, got ${got}`, { offset: this.#start });
  }

  #isString(): boolean {
    return this.#token.startsWith('"') || this.#token.startsWith("'");
  }

  #stringBytes(): Uint8Array {
    const inner = this.#token.slice(1, -1);
    const bytes = inner.includes("\\") ? unescapeString(inner) : encodeUtf8(inner);
    if (!bytes) throw this.error("an escape is not complete");
    this.#advance();
    return bytes;
  }

  #advance(): void {
    this.#at += this.#match(blanks).length;
    this.#start = this.#at;
    this.#token = this.#nextToken();
    this.#at += this.#token.length;
  }

  #nextToken(): string {
    const first = this.text.charAt(this.#at);
    if (first !== '"' && first !== "'") return this.#match(word) || this.#match(number) || first;
    const quoted = this.#match(first === '"' ? doubleQuoted : singleQuoted);
    if (quoted) return quoted;
    this.#token = first;
    throw this.error("a text in quotes does not end on its line");
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.text)?.[0] ?? "";
  }
}
