// MetaGraphDef: a graph with what is needed to go on training with it — its Saver's operations and its collections (formats 16).
import { joinBytes } from "../bytes/byteOrder";
import { WireReader, wireTypes } from "../bytes/wireReader";
import { WireWriter } from "../bytes/wireWriter";
import { parseProto } from "../protoText/parseProto";
import { printProto } from "../protoText/printProto";
import { decodeGraphDef, encodeGraphDef, type GraphDef } from "./graphDef";
import { metaGraphSchema } from "./metaGraphSchema";

export { decodeVariableDef, encodeVariableDef, type VariableDef } from "./variableDef";

/** A `.meta` file, or one of a SavedModel's graphs. */
export interface MetaGraphDef {
  readonly graph: GraphDef;
  /** The graph as it was serialized; written as it is where given. */
  readonly graphBytes?: Uint8Array;
  readonly tags: readonly string[];
  readonly tensorflowVersion: string;
  readonly saver?: SaverDef;
  readonly collections: ReadonlyMap<string, CollectionDef>;
  /** Further facts on the graph (stripped op list …), verbatim as fields of MetaInfoDef. */
  readonly infoRest?: Uint8Array;
  /** Signatures, assets and further fields, verbatim. */
  readonly rest?: Uint8Array;
}

/** Which operations save and restore, and what the Saver keeps. `version`: 0 legacy, 1 V1, 2 V2. */
export interface SaverDef {
  readonly filenameTensorName: string;
  readonly saveTensorName: string;
  readonly restoreOpName: string;
  readonly maxToKeep: number;
  readonly sharded: boolean;
  readonly keepCheckpointEveryNHours: number;
  readonly version: number;
}

/** A collection's items: names, serialized protos, or numbers; "any" are serialized messages with their types. */
export type CollectionDef =
  | { readonly kind: "nodes"; readonly values: readonly string[] }
  | { readonly kind: "bytes"; readonly values: readonly Uint8Array[] }
  | { readonly kind: "ints"; readonly values: readonly bigint[] }
  | { readonly kind: "floats"; readonly values: readonly number[] }
  | { readonly kind: "any"; readonly values: readonly Uint8Array[] };

/** Bytes of a MetaGraphDef, collections in the order of their names. */
export function encodeMetaGraphDef(meta: MetaGraphDef): Uint8Array<ArrayBuffer> {
  const graphBytes = meta.graphBytes ?? encodeGraphDef(meta.graph);
  const writer = new WireWriter(graphBytes.length + 4096);
  writer.message(1, (info) => {
    for (const tag of meta.tags) info.string(4, tag);
    info.stringIfSet(5, meta.tensorflowVersion);
    info.raw(meta.infoRest);
  });
  writer.bytes(2, graphBytes);
  const { saver } = meta;
  if (saver) writer.message(3, (inner) => writeSaver(inner, saver));
  for (const key of [...meta.collections.keys()].sort()) {
    const collection = meta.collections.get(key);
    if (!collection) continue;
    writer.message(4, (entry) => {
      entry.string(1, key);
      entry.message(2, (value) => writeCollection(value, collection));
    });
  }
  writer.raw(meta.rest);
  return writer.finish();
}

/** Reads a MetaGraphDef. */
export function decodeMetaGraphDef(bytes: Uint8Array): MetaGraphDef {
  const reader = new WireReader(bytes);
  let info: InfoDef = { tags: [], tensorflowVersion: "" };
  let graphBytes: Uint8Array = new Uint8Array();
  let saver: SaverDef | undefined;
  const collections = new Map<string, CollectionDef>();
  const rest: Uint8Array[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1: info = readInfo(reader.message()); break;
      case 2: graphBytes = reader.bytes(); break;
      case 3: saver = readSaver(reader.message()); break;
      case 4: readCollectionEntry(reader.message(), collections); break;
      default: rest.push(reader.skipped());
    }
  }
  const graph = decodeGraphDef(graphBytes);
  return { graph, graphBytes, ...info, ...(saver && { saver }), collections, ...(rest.length > 0 && { rest: joinBytes(rest) }) };
}

/** The text form, letter by letter as TensorFlow prints it. */
export function printMetaGraphDef(meta: MetaGraphDef): string {
  return printProto(metaGraphSchema, encodeMetaGraphDef(meta));
}

/** Bytes of a SaverDef, as the collection of Savers holds them. */
export function encodeSaverDef(saver: SaverDef): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeSaver(writer, saver);
  return writer.finish();
}

/** Reads the bytes of a SaverDef. */
export function decodeSaverDef(bytes: Uint8Array): SaverDef {
  return readSaver(new WireReader(bytes));
}

/** Reads the text form, but for what describes objects. Throws FormatError with the line. */
export function parseMetaGraphDef(text: string): MetaGraphDef {
  return decodeMetaGraphDef(parseProto(metaGraphSchema, text));
}

type InfoDef = Pick<MetaGraphDef, "tags" | "tensorflowVersion" | "infoRest">;

function readInfo(reader: WireReader): InfoDef {
  const tags: string[] = [];
  const rest: Uint8Array[] = [];
  let tensorflowVersion = "";
  while (reader.next()) {
    if (reader.field === 4) tags.push(reader.string());
    else if (reader.field === 5) tensorflowVersion = reader.string();
    else rest.push(reader.skipped());
  }
  return { tags, tensorflowVersion, ...(rest.length > 0 && { infoRest: joinBytes(rest) }) };
}

function writeSaver(writer: WireWriter, saver: SaverDef): void {
  writer.stringIfSet(1, saver.filenameTensorName);
  writer.stringIfSet(2, saver.saveTensorName);
  writer.stringIfSet(3, saver.restoreOpName);
  writer.intIfSet(4, saver.maxToKeep);
  writer.boolIfSet(5, saver.sharded);
  writer.floatIfSet(6, saver.keepCheckpointEveryNHours);
  writer.intIfSet(7, saver.version);
}

function readSaver(reader: WireReader): SaverDef {
  const found = {
    filenameTensorName: "", saveTensorName: "", restoreOpName: "", maxToKeep: 0, sharded: false, keepCheckpointEveryNHours: 0, version: 0,
  };
  while (reader.next()) {
    switch (reader.field) {
      case 1: found.filenameTensorName = reader.string(); break;
      case 2: found.saveTensorName = reader.string(); break;
      case 3: found.restoreOpName = reader.string(); break;
      case 4: found.maxToKeep = reader.int32(); break;
      case 5: found.sharded = reader.bool(); break;
      case 6: found.keepCheckpointEveryNHours = reader.float(); break;
      case 7: found.version = reader.int32(); break;
      default: reader.skip();
    }
  }
  return found;
}

function writeCollection(writer: WireWriter, collection: CollectionDef): void {
  switch (collection.kind) {
    case "nodes":
      return writer.message(1, (list) => {
        for (const name of collection.values) list.string(1, name);
      });
    case "bytes":
      return writer.message(2, (list) => {
        for (const value of collection.values) list.bytes(1, value);
      });
    case "ints":
      return writer.message(3, (list) => {
        if (collection.values.length === 0) return;
        list.message(1, (packed) => {
          for (const value of collection.values) packed.varint(value);
        });
      });
    case "floats":
      return writer.message(4, (list) => {
        if (collection.values.length === 0) return;
        list.message(1, (packed) => {
          for (const value of collection.values) packed.rawFloat(value);
        });
      });
    case "any":
      return writer.message(5, (list) => {
        for (const value of collection.values) list.bytes(1, value);
      });
  }
}

function readCollectionEntry(reader: WireReader, collections: Map<string, CollectionDef>): void {
  let key = "";
  let collection: CollectionDef = { kind: "nodes", values: [] };
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) collection = readCollection(reader.message()) ?? collection;
    else reader.skip();
  }
  collections.set(key, collection);
}

function readCollection(reader: WireReader): CollectionDef | undefined {
  let collection: CollectionDef | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case 1: collection = { kind: "nodes", values: readItems(reader.message(), (items) => items.string()) }; break;
      case 2: collection = { kind: "bytes", values: readItems(reader.message(), (items) => items.bytes()) }; break;
      case 3: collection = { kind: "ints", values: readNumbers(reader.message(), wireTypes.varint, (item) => item.int64()) }; break;
      case 4: collection = { kind: "floats", values: readNumbers(reader.message(), wireTypes.fixed32, (item) => item.float()) }; break;
      case 5: collection = { kind: "any", values: readItems(reader.message(), (items) => items.bytes()) }; break;
      default: reader.skip();
    }
  }
  return collection;
}

function readItems<T>(reader: WireReader, read: (reader: WireReader) => T): T[] {
  const items: T[] = [];
  while (reader.next()) {
    if (reader.field === 1) items.push(read(reader));
    else reader.skip();
  }
  return items;
}

function readNumbers<T>(reader: WireReader, wireType: number, read: (reader: WireReader) => T): T[] {
  const items: T[] = [];
  while (reader.next()) {
    if (reader.field === 1) reader.elements(wireType, (item) => items.push(read(item)));
    else reader.skip();
  }
  return items;
}
