// The two protobuf packages that others would read event files with. Neither looks at a checksum here.
import { importPeer } from "../peerPackages";
import { secondsOf, type Measured, type VariantArguments } from "../measured";
import { Columns, walkRecords } from "./columns";

/** The part of event.proto and summary.proto that holds scalars. */
const proto = `syntax = "proto3";
message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
message Summary { repeated Value value = 1;
  message Value { string tag = 1; float simple_value = 2; Tensor tensor = 8; Metadata metadata = 9; } }
message Tensor { int32 dtype = 1; Shape tensor_shape = 2; bytes tensor_content = 4; repeated float float_val = 5; }
message Shape { repeated Dim dim = 2; message Dim { int64 size = 1; } }
message Metadata { Plugin plugin_data = 1; string display_name = 2; string summary_description = 3; int32 data_class = 4; }
message Plugin { string plugin_name = 1; bytes content = 2; }`;

interface DecodedTensor { content?: Uint8Array; list: number[] }
interface DecodedValue { tag: string; simple: number; tensor?: DecodedTensor; plugin: string }
interface DecodedEvent { wallTime: number; step: number; values: DecodedValue[] }

/** What we use of protobufjs. */
interface Protobufjs {
  parse(text: string): { root: { lookupType(name: string): { decode(bytes: Uint8Array): ProtobufjsEvent } } };
}
interface ProtobufjsEvent {
  wallTime: number;
  step: number | { toNumber(): number };
  summary?: { value: { tag: string; simpleValue: number; tensor?: { tensorContent: Uint8Array; floatVal: number[] } | null }[] } | null;
}

/** What we use of pbf. */
interface PbfReader {
  pos: number;
  readFields<T>(read: (tag: number, into: T, pbf: PbfReader) => void, into: T, end?: number): T;
  readVarint(signed?: boolean): number;
  readDouble(): number;
  readFloat(): number;
  readString(): string;
  readBytes(): Uint8Array;
  readPackedFloat(into: number[]): void;
}

/** protobufjs by reflection, which compiles its decoders: seconds. */
export async function protobufjsLoad({ path }: VariantArguments): Promise<Measured> {
  const type = (await importPeer<Protobufjs>("protobufjs")).parse(proto).root.lookupType("Event");
  const columns = new Columns();
  const value = await secondsOf(() => {
    walkRecords(path, (bytes, _, { from, to }) => {
      const event = type.decode(bytes.subarray(from, to));
      const step = typeof event.step === "number" ? event.step : event.step.toNumber();
      for (const { tag, simpleValue, tensor } of event.summary?.value ?? []) {
        const number = tensor ? tensor.floatVal[0] ?? floatIn(tensor.tensorContent) : simpleValue;
        columns.add(tag, { step, wallTime: event.wallTime, value: number });
      }
    });
  });
  return { value, result: columns.digest() };
}

/** pbf with decoders as its generator would make them: seconds. */
export async function pbfLoad({ path }: VariantArguments): Promise<Measured> {
  const { PbfReader: Pbf } = await importPeer<{ PbfReader: new (bytes: Uint8Array) => PbfReader }>("pbf");
  const columns = new Columns();
  const value = await secondsOf(() => {
    walkRecords(path, (bytes, _, { from, to }) => {
      const event = new Pbf(bytes.subarray(from, to)).readFields<DecodedEvent>(readEvent, { wallTime: 0, step: 0, values: [] });
      for (const { tag, simple, tensor } of event.values) {
        const number = tensor ? tensor.list[0] ?? floatIn(tensor.content) : simple;
        columns.add(tag, { step: event.step, wallTime: event.wallTime, value: number });
      }
    });
  });
  return { value, result: columns.digest() };
}

function readEvent(tag: number, event: DecodedEvent, pbf: PbfReader): void {
  if (tag === 1) event.wallTime = pbf.readDouble();
  else if (tag === 2) event.step = pbf.readVarint(true);
  else if (tag === 5) pbf.readFields(readSummary, event.values, pbf.readVarint() + pbf.pos);
}

function readSummary(tag: number, values: DecodedValue[], pbf: PbfReader): void {
  if (tag === 1) values.push(pbf.readFields<DecodedValue>(readValue, { tag: "", simple: 0, plugin: "" }, pbf.readVarint() + pbf.pos));
}

function readValue(tag: number, value: DecodedValue, pbf: PbfReader): void {
  if (tag === 1) value.tag = pbf.readString();
  else if (tag === 2) value.simple = pbf.readFloat();
  else if (tag === 8) value.tensor = pbf.readFields<DecodedTensor>(readTensor, { list: [] }, pbf.readVarint() + pbf.pos);
  else if (tag === 9) pbf.readFields(readMetadata, value, pbf.readVarint() + pbf.pos);
}

function readTensor(tag: number, tensor: DecodedTensor, pbf: PbfReader): void {
  if (tag === 4) tensor.content = pbf.readBytes();
  else if (tag === 5) pbf.readPackedFloat(tensor.list);
}

function readMetadata(tag: number, value: DecodedValue, pbf: PbfReader): void {
  if (tag === 1) pbf.readFields(readPlugin, value, pbf.readVarint() + pbf.pos);
}

function readPlugin(tag: number, value: DecodedValue, pbf: PbfReader): void {
  if (tag === 1) value.plugin = pbf.readString();
}

function floatIn(bytes: Uint8Array | undefined): number {
  return bytes && bytes.length >= 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true) : 0;
}
