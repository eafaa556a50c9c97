// Text form to serialized message, with what Python's library takes and refuses (ST-8).
import { decodeStrictUtf8 } from "../bytes/utf8";
import { maxDepth } from "../bytes/wireReader";
import { WireWriter } from "../bytes/wireWriter";
import type { EnumSchema, FieldSchema, MessageSchema } from "./schema";
import { TextTokens } from "./textTokens";

/** The bytes of the message that `text` describes, fields in the order of the text. Throws FormatError with the line. */
export function parseProto(schema: MessageSchema, text: string): Uint8Array<ArrayBuffer> {
  const tokens = new TextTokens(text);
  const writer = new WireWriter(Math.min(1 << 20, text.length + 64));
  while (!tokens.atEnd) parseField(tokens, writer, { schema, depth: 0 });
  return writer.finish();
}

interface Place {
  readonly schema: MessageSchema;
  readonly depth: number;
}

function parseField(tokens: TextTokens, writer: WireWriter, place: Place): void {
  const field = place.schema.byName().get(tokens.token);
  if (!field) throw tokens.error("no such field here");
  tokens.take();
  if (typeof field.type === "object" && field.type.kind === "ignored") return passOver(tokens);
  const nested = typeof field.type === "object" && field.type.kind === "message" ? field.type : undefined;
  const parseOne = nested
    ? () => parseMessage(tokens, writer, { schema: nested, field, depth: place.depth + 1 })
    : () => writeScalar(tokens, writer, field);
  if (nested) tokens.takeIf(":");
  else tokens.expect(":");
  const listed = field.rule === "repeated" || field.rule === "map";
  if (listed && tokens.takeIf("[")) parseList(tokens, parseOne);
  else parseOne();
  if (!tokens.takeIf(",")) tokens.takeIf(";");
}

const closing: Readonly<Record<string, string>> = { "{": "}", "<": ">", "[": "]" };

/** Passes over the value of a field, up to the next field: a message or list with all in it, or the tokens of a scalar. */
function passOver(tokens: TextTokens): void {
  tokens.takeIf(":");
  const open: string[] = [];
  const first = tokens.token;
  do {
    if (tokens.atEnd) throw tokens.error(`wanted ${open.at(-1) ?? "a value"}`);
    const close = closing[tokens.token];
    if (close !== undefined) open.push(close);
    else if (tokens.token === open.at(-1)) open.pop();
    if (open.length > maxDepth) throw tokens.error(`messages are nested deeper than ${maxDepth}`);
    tokens.take();
  } while (open.length > 0 || (isText(first) && isText(tokens.token)));
  if (!tokens.takeIf(",")) tokens.takeIf(";");
}

function isText(token: string): boolean {
  return token.startsWith('"') || token.startsWith("'");
}

function parseList(tokens: TextTokens, parseOne: () => void): void {
  if (tokens.takeIf("]")) return;
  do parseOne();
  while (tokens.takeIf(","));
  tokens.expect("]");
}

function parseMessage(tokens: TextTokens, writer: WireWriter, place: Place & { readonly field: FieldSchema }): void {
  if (place.depth > maxDepth) throw tokens.error(`messages are nested deeper than ${maxDepth}`);
  const end = tokens.takeIf("<") ? ">" : "}";
  if (end === "}") tokens.expect("{");
  writer.message(place.field.number, (inner) => {
    while (!tokens.takeIf(end)) {
      if (tokens.atEnd) throw tokens.error(`wanted ${end}`);
      parseField(tokens, inner, place);
    }
  });
}

function writeScalar(tokens: TextTokens, writer: WireWriter, { number, type }: FieldSchema): void {
  if (typeof type === "object") {
    if (type.kind === "enum") writer.int(number, takeEnum(tokens, type));
    return;
  }
  switch (type) {
    case "string": return writer.bytes(number, takeText(tokens));
    case "bytes": return writer.bytes(number, tokens.takeString());
    case "bool": return writer.bool(number, takeBool(tokens));
    case "float": return writer.float(number, takeDouble(tokens));
    case "double": return writer.double(number, takeDouble(tokens));
    case "int32": return writer.int(number, takeInteger(tokens, { min: -(2n ** 31n), max: 2n ** 31n - 1n }));
    case "uint32": return writer.int(number, takeInteger(tokens, { min: 0n, max: 2n ** 32n - 1n }));
    case "int64": return writer.int(number, takeInteger(tokens, { min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  }
}

function takeText(tokens: TextTokens): Uint8Array {
  const bytes = tokens.takeString();
  if (decodeStrictUtf8(bytes) === undefined) throw tokens.error("the text before this is not UTF-8");
  return bytes;
}

function takeEnum(tokens: TextTokens, { numbers }: EnumSchema): bigint {
  if (/^[0-9+-]/.test(tokens.token)) return takeInteger(tokens, { min: -(2n ** 31n), max: 2n ** 31n - 1n });
  const number = numbers.get(tokens.token);
  if (number === undefined) throw tokens.error("no such name in this enum");
  tokens.take();
  return BigInt(number);
}

function takeBool(tokens: TextTokens): boolean {
  const value = { true: true, True: true, t: true, 1: true, false: false, False: false, f: false, 0: false }[tokens.token];
  if (value === undefined) throw tokens.error("wanted true or false");
  tokens.take();
  return value;
}

function takeInteger(tokens: TextTokens, { min, max }: { readonly min: bigint; readonly max: bigint }): bigint {
  const match = /^(-?)(0|[1-9][0-9]{0,19}|0[xX][0-9a-fA-F]{1,16})$/.exec(tokens.token);
  if (!match) throw tokens.error("wanted a whole number");
  const size = BigInt(match[2] ?? "0");
  const value = match[1] ? -size : size;
  if (value < min || value > max) throw tokens.error("a number is out of range");
  tokens.take();
  return value;
}

function takeDouble(tokens: TextTokens): number {
  const text = tokens.token.toLowerCase();
  const value = /^-?inf(inity)?f?$/.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : /^nanf?$/.test(text) ? NaN : plainDouble(text);
  if (value === undefined) throw tokens.error("wanted a number");
  tokens.take();
  return value;
}

/** Decimals with an optional `f` behind; not hexadecimal, and not octal, which a leading zero would be. */
function plainDouble(text: string): number | undefined {
  if (/^-?0[0-9]+$/.test(text)) return undefined;
  return /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?f?$/.test(text) ? Number(text.replace(/f$/, "")) : undefined;
}
