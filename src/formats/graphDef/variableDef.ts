// VariableDef: an item of a meta graph's collections of variables (formats 16).
import { WireReader, wireTypes } from "../bytes/wireReader";
import { encodeMessage, type WireWriter } from "../bytes/wireWriter";

/** A variable. Names are those of operations' outputs, but `initializerName` is an operation's. */
export interface VariableDef {
  readonly variableName: string;
  readonly initializerName: string;
  readonly snapshotName: string;
  readonly initialValueName: string;
  readonly trainable: boolean;
  readonly isResource: boolean;
  /** Only for a part of a partitioned variable. */
  readonly slice?: SaveSliceInfo;
}

/** Which part of the whole a variable is. */
export interface SaveSliceInfo {
  readonly fullName: string;
  readonly fullShape: readonly number[];
  readonly offset: readonly number[];
  readonly shape: readonly number[];
}

/** Bytes of a VariableDef. */
export function encodeVariableDef(variable: VariableDef): Uint8Array<ArrayBuffer> {
  return encodeMessage((writer) => {
    const { slice } = variable;
    writer.stringIfSet(1, variable.variableName);
    writer.stringIfSet(2, variable.initializerName);
    writer.stringIfSet(3, variable.snapshotName);
    if (slice) writer.message(4, (inner) => writeSlice(inner, slice));
    writer.boolIfSet(5, variable.isResource);
    writer.stringIfSet(6, variable.initialValueName);
    writer.boolIfSet(7, variable.trainable);
  });
}

/** Reads a VariableDef. */
export function decodeVariableDef(bytes: Uint8Array): VariableDef {
  const reader = new WireReader(bytes);
  const found = { variableName: "", initializerName: "", snapshotName: "", initialValueName: "", trainable: false, isResource: false };
  let slice: SaveSliceInfo | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case 1: found.variableName = reader.string(); break;
      case 2: found.initializerName = reader.string(); break;
      case 3: found.snapshotName = reader.string(); break;
      case 4: slice = readSlice(reader.message()); break;
      case 5: found.isResource = reader.bool(); break;
      case 6: found.initialValueName = reader.string(); break;
      case 7: found.trainable = reader.bool(); break;
      default: reader.skip();
    }
  }
  return { ...found, ...(slice && { slice }) };
}

function writeSlice(writer: WireWriter, { fullName, fullShape, offset, shape }: SaveSliceInfo): void {
  writer.stringIfSet(1, fullName);
  for (const [field, list] of [[2, fullShape], [3, offset], [4, shape]] as const) {
    if (list.length === 0) continue;
    writer.message(field, (packed) => {
      for (const value of list) packed.varint(value);
    });
  }
}

function readSlice(reader: WireReader): SaveSliceInfo {
  const found = { fullName: "", fullShape: [] as number[], offset: [] as number[], shape: [] as number[] };
  const collect = (list: number[]): void => reader.elements(wireTypes.varint, (item) => list.push(item.safeInteger("a part's size")));
  while (reader.next()) {
    switch (reader.field) {
      case 1: found.fullName = reader.string(); break;
      case 2: collect(found.fullShape); break;
      case 3: collect(found.offset); break;
      case 4: collect(found.shape); break;
      default: reader.skip();
    }
  }
  return found;
}
