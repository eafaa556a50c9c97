// GraphDef: TensorFlow's graph as data, as bytes, and as text (formats 11).
import { FormatError } from "#base/errors";
import { joinBytes } from "../bytes/byteOrder";
import { WireReader } from "../bytes/wireReader";
import { WireWriter } from "../bytes/wireWriter";
import { parseProto } from "../protoText/parseProto";
import { printProto } from "../protoText/printProto";
import { readAttrEntry, writeAttrs, type AttrValue } from "./attrValue";
import { graphSchema } from "./graphSchema";

export type { AttrValue } from "./attrValue";

/** A graph. */
export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  /** Version of the writing TensorFlow's graph language; 0 where the file tells none. */
  readonly producer: number;
  /** Version that a reader needs at least. */
  readonly minConsumer?: number;
  /** Number of functions in the library; `functionsOf` opens them. */
  readonly functions: number;
  /** The library of functions and further fields, verbatim as serialized fields of the graph. */
  readonly rest?: Uint8Array;
}

/** A graph of more operations would not fit into memory several times over, and no program writes one. */
export const mostNodes = 500_000;

/** One operation. Inputs are `name`, `name:1`, and behind those `^name` for control. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly device: string;
  readonly attrs: ReadonlyMap<string, AttrValue>;
  /** Further fields, verbatim. */
  readonly rest?: Uint8Array;
}

/** Bytes of a GraphDef, attributes in the order of their names. */
export function encodeGraphDef(graph: GraphDef): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(Math.max(256, graph.nodes.length * 128));
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.raw(graph.rest);
  const { producer, minConsumer } = graph;
  if (producer || minConsumer) {
    writer.message(4, (versions) => {
      versions.intIfSet(1, producer);
      versions.intIfSet(2, minConsumer);
    });
  }
  return writer.finish();
}

/** Reads a GraphDef; throws FormatError for more than `most` operations. Contents of tensors and strings are views into `bytes`. */
export function decodeGraphDef(bytes: Uint8Array, most: number = mostNodes): GraphDef {
  const reader = new WireReader(bytes);
  const nodes: NodeDef[] = [];
  const rest: Uint8Array[] = [];
  let versions: Versions = { producer: 0, minConsumer: 0 };
  let functions = 0;
  while (reader.next()) {
    if (reader.field === 1) {
      if (nodes.length === most) throw new FormatError("tooMany", `the graph has more operations than the ${most.toLocaleString("en")} that are read`);
      nodes.push(readNode(reader.message()));
    }
    else if (reader.field === 4) versions = readVersions(reader.message());
    else {
      const whole = reader.skipped();
      if (reader.field === 2) functions += countFunctions(whole);
      rest.push(whole);
    }
  }
  const { producer, minConsumer } = versions;
  return { nodes, producer, functions, ...(minConsumer > 0 && { minConsumer }), ...(rest.length > 0 && { rest: joinBytes(rest) }) };
}

/** The text form, letter by letter as TensorFlow writes `graph.pbtxt`. */
export function printGraphDef(graph: GraphDef): string {
  return printProto(graphSchema, encodeGraphDef(graph));
}

/** Reads the text form. */
export function parseGraphDef(text: string): GraphDef {
  return decodeGraphDef(parseProto(graphSchema, text));
}

interface Versions {
  readonly producer: number;
  readonly minConsumer: number;
}

function writeNode(writer: WireWriter, { name, op, inputs, device, attrs, rest }: NodeDef): void {
  writer.stringIfSet(1, name);
  writer.stringIfSet(2, op);
  for (const input of inputs) writer.string(3, input);
  writer.stringIfSet(4, device);
  writeAttrs(writer, 5, attrs);
  writer.raw(rest);
}

/** Reads one NodeDef. */
export function readNode(reader: WireReader): NodeDef {
  let name = "";
  let op = "";
  let device = "";
  const inputs: string[] = [];
  const attrs = new Map<string, AttrValue>();
  const rest: Uint8Array[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1: name = reader.string(); break;
      case 2: op = reader.string(); break;
      case 3: inputs.push(reader.string()); break;
      case 4: device = reader.string(); break;
      case 5: readAttrEntry(reader.message(), attrs); break;
      default: rest.push(reader.skipped());
    }
  }
  return { name, op, inputs, device, attrs, ...(rest.length > 0 && { rest: joinBytes(rest) }) };
}

function readVersions(reader: WireReader): Versions {
  let producer = 0;
  let minConsumer = 0;
  while (reader.next()) {
    if (reader.field === 1) producer = reader.int32();
    else if (reader.field === 2) minConsumer = reader.int32();
    else reader.skip();
  }
  return { producer, minConsumer };
}

function countFunctions(library: Uint8Array): number {
  const whole = new WireReader(library);
  whole.next();
  const reader = whole.message();
  let count = 0;
  while (reader.next()) {
    if (reader.field === 1) count++;
    reader.skip();
  }
  return count;
}
