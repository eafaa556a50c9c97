// A serialized message as text, letter by letter as TensorFlow's Python library prints it.
import { appendTo } from "#base/multimap";
import { FormatError } from "#base/errors";
import { compareBytes, joinBytes } from "../bytes/byteOrder";
import { maxDepth, WireReader } from "../bytes/wireReader";
import { escapeBytes, printDouble } from "./printValue";
import type { FieldSchema, MessageSchema } from "./schema";

/** The text of a message: fields by number, maps by key, two blanks per level. Fields that the schema lacks are left out. */
export function printProto(schema: MessageSchema, bytes: Uint8Array): string {
  const lines: string[] = [];
  printFields(schema, new WireReader(bytes), { lines, indent: "", depth: 0 });
  return lines.join("");
}

interface Output {
  readonly lines: string[];
  readonly indent: string;
  readonly depth: number;
}

function printFields(schema: MessageSchema, reader: WireReader, output: Output): void {
  const found = new Map<number, Uint8Array[]>();
  const numbers = schema.byNumber();
  while (reader.next()) {
    const whole = reader.skipped();
    if (!numbers.has(reader.field)) continue;
    appendTo(found, reader.field, whole);
  }
  for (const number of [...found.keys()].sort((a, b) => a - b)) {
    const field = numbers.get(number);
    if (field) printField(field, found.get(number) ?? [], output);
  }
}

function printField(field: FieldSchema, occurrences: readonly Uint8Array[], output: Output): void {
  if (typeof field.type === "object" && field.type.kind === "ignored") return;
  const { lines, indent } = output;
  const depth = output.depth + 1;
  if (typeof field.type === "object" && field.type.kind === "message") {
    if (depth > maxDepth) throw new FormatError("tooDeep", `messages are nested deeper than ${maxDepth}`);
    for (const content of messagesOf(field, occurrences)) {
      lines.push(indent, field.name, " {\n");
      printFields(field.type, new WireReader(content), { lines, indent: `${indent}  `, depth });
      lines.push(indent, "}\n");
    }
    return;
  }
  const printed = occurrences.flatMap((whole) => scalarsOf(field, whole));
  const values = field.rule === "repeated" ? printed : printed.slice(-1);
  for (const value of values) {
    if (field.rule === "single" && isDefault(field, value)) continue;
    lines.push(indent, field.name, ": ", value, "\n");
  }
}

/** A single message that stands several times is merged, which on the wire is putting the parts together (formats 1). */
function messagesOf({ rule }: FieldSchema, occurrences: readonly Uint8Array[]): readonly Uint8Array[] {
  const contents = occurrences.map(contentOf);
  if (rule === "repeated") return contents;
  if (rule !== "map") return contents.length === 1 ? contents : [joinBytes(contents)];
  return contents
    .map((content) => ({ content, key: keyOf(content) }))
    .sort((a, b) => compareBytes(a.key, b.key))
    .map(({ content }) => content);
}

function contentOf(whole: Uint8Array): Uint8Array {
  const reader = new WireReader(whole);
  reader.next();
  return reader.bytes();
}

/** A key's bytes in an order that sorts texts and small numbers alike. */
function keyOf(entry: Uint8Array): Uint8Array {
  const reader = new WireReader(entry);
  while (reader.next()) {
    if (reader.field !== 1) reader.skip();
    else if (reader.wireType === 2) return reader.bytes();
    else {
      const key = new Uint8Array(4);
      new DataView(key.buffer).setUint32(0, reader.uint32());
      return key;
    }
  }
  return new Uint8Array();
}

function scalarsOf({ type }: FieldSchema, whole: Uint8Array): string[] {
  const reader = new WireReader(whole);
  reader.next();
  if (type === "string" || type === "bytes") return [`"${escapeBytes(reader.bytes())}"`];
  const values: string[] = [];
  if (type === "float") reader.elements(5, (element) => values.push(printDouble(element.float())));
  else if (type === "double") reader.elements(1, (element) => values.push(printDouble(element.double())));
  else reader.elements(0, (element) => values.push(wholeNumber(type, element)));
  return values;
}

function wholeNumber(type: FieldSchema["type"], reader: WireReader): string {
  if (typeof type === "object") {
    const number = reader.int32();
    return (type.kind === "enum" ? type.names.get(number) : undefined) ?? String(number);
  }
  switch (type) {
    case "bool": return String(reader.bool());
    case "int64": return String(reader.int64());
    case "uint32": return String(reader.uint32());
    default: return String(reader.int32());
  }
}

function isDefault({ type }: FieldSchema, printed: string): boolean {
  if (typeof type === "object") return type.kind === "enum" && printed === type.names.get(0);
  return printed === (type === "string" || type === "bytes" ? '""' : type === "bool" ? "false" : type === "float" || type === "double" ? "0.0" : "0");
}
