// The messages of a V1 checkpoint: what it holds, and the values of one slice (core/util/saved_tensor_slice.proto).
import { FormatError } from "#base/errors";
import { WireReader } from "../bytes/wireReader";
import { readShape, readTensorProto, type TensorProto } from "../tensor/tensorProto";
import type { TensorSlice } from "./bundle";
import { readSlice } from "./bundleRecords";

/** One tensor of a V1 checkpoint: type by its number, full shape, and the slices that hold its values. */
export interface SavedTensor {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly slices: readonly TensorSlice[];
}

/** The record under the empty key. Undefined for a table that is no V1 checkpoint, such as the index of a V2 one. */
export function decodeSavedTensors(bytes: Uint8Array): SavedTensor[] | undefined {
  const reader = new WireReader(bytes);
  const tensors: SavedTensor[] = [];
  let known = false;
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) {
      readTensors(reader.message(), tensors);
      known = true;
    } else reader.skip();
  }
  return known ? tensors : undefined;
}

/** The values of one slice, whose type only the list of tensors tells. */
export function decodeSavedValues(bytes: Uint8Array, dtype: number): TensorProto {
  const reader = new WireReader(bytes);
  let data: TensorProto | undefined;
  while (reader.next()) {
    if (reader.field === 2) data = readData(reader.message(), dtype);
    else reader.skip();
  }
  if (!data) throw new FormatError("malformed", "a slice of a V1 checkpoint holds no values");
  return data;
}

function readTensors(reader: WireReader, tensors: SavedTensor[]): void {
  while (reader.next()) {
    if (reader.field === 1) tensors.push(readTensor(reader.message()));
    else reader.skip();
  }
}

function readTensor(reader: WireReader): SavedTensor {
  let name = "";
  let dtype = 0;
  let shape: readonly number[] | undefined;
  const slices: TensorSlice[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1: name = reader.string(); break;
      case 2: shape = readShape(reader.message()); break;
      case 3: dtype = reader.int32(); break;
      case 4: slices.push(readSlice(reader.message())); break;
      default: reader.skip();
    }
  }
  if (!shape || shape.some((size) => size < 0)) throw new FormatError("malformed", `${name} has no known shape`);
  return { name, dtype, shape, slices };
}

function readData(reader: WireReader, dtype: number): TensorProto | undefined {
  let data: TensorProto | undefined;
  while (reader.next()) {
    if (reader.field === 3) data = readTensorProto(reader.message(), dtype);
    else reader.skip();
  }
  return data;
}
