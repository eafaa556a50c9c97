// The `checkpoint` state file: which checkpoint is the newest, and which the Saver still manages (ST-1, ST-2, ST-8).
import { FormatError } from "#base/errors";
import { decodeStrictUtf8, decodeUtf8, utf8Length } from "../bytes/utf8";
import { WireReader } from "../bytes/wireReader";
import { encodeMessage } from "../bytes/wireWriter";
import { parseProto } from "../protoText/parseProto";
import { printProto } from "../protoText/printProto";
import { messageSchema } from "../protoText/schema";

/** The file's content; paths as they stand in it. */
export interface CheckpointState {
  /** Empty in a file that names no newest checkpoint, which TensorFlow refuses (ST-8). */
  readonly modelCheckpointPath: string;
  /** Oldest first. */
  readonly allModelCheckpointPaths: readonly string[];
  /** Seconds; one per path where CheckpointManager wrote them, else empty. */
  readonly timestamps: readonly number[];
  readonly lastPreservedTimestamp?: number;
}

const schema = messageSchema(() => ({
  model_checkpoint_path: [1, "string"],
  all_model_checkpoint_paths: [2, "string", "repeated"],
  all_model_checkpoint_timestamps: [3, "double", "repeated"],
  last_preserved_timestamp: [4, "double"],
}));

/** Reads a state file's text; undefined if it does not parse, as TensorFlow then behaves as if there were none (ST-8). */
export function parseCheckpointState(text: string): CheckpointState | undefined {
  try {
    return decodeState(parseProto(schema, text));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * Reads a state file's bytes. Undefined if they do not parse, as `parseCheckpointState`; throws FormatError where
 * TensorFlow fails instead: for bytes that are no UTF-8, and for a file that names no newest checkpoint (ST-8).
 */
export function readCheckpointState(bytes: Uint8Array): CheckpointState | undefined {
  const text = decodeStrictUtf8(bytes);
  if (text === undefined) throw new FormatError("malformed", "the state file is not UTF-8", { offset: utf8Length(bytes) });
  const state = parseCheckpointState(text);
  if (state?.modelCheckpointPath === "") throw new FormatError("malformed", "the state file names no newest checkpoint");
  return state;
}

/** The text of a state file, letter by letter as TensorFlow prints it (ST-1, ST-2). */
export function printCheckpointState(state: CheckpointState): string {
  const bytes = encodeMessage((writer) => {
    writer.stringIfSet(1, state.modelCheckpointPath);
    for (const path of state.allModelCheckpointPaths) writer.string(2, path);
    for (const seconds of state.timestamps) writer.double(3, seconds);
    writer.doubleIfSet(4, state.lastPreservedTimestamp);
  });
  return printProto(schema, bytes);
}

function decodeState(bytes: Uint8Array): CheckpointState {
  const reader = new WireReader(bytes);
  const paths: string[] = [];
  const timestamps: number[] = [];
  let newest = "";
  let lastPreservedTimestamp: number | undefined;
  while (reader.next()) {
    if (reader.field === 1) newest = decodeUtf8(reader.bytes());
    else if (reader.field === 2) paths.push(reader.string());
    else if (reader.field === 3) timestamps.push(reader.double());
    else if (reader.field === 4) lastPreservedTimestamp = reader.double();
    else reader.skip();
  }
  return {
    modelCheckpointPath: newest, allModelCheckpointPaths: paths, timestamps,
    ...(lastPreservedTimestamp !== undefined && { lastPreservedTimestamp }),
  };
}
