// What an event file says: events, summaries and their values, as plain data (formats 3 and 4).
import type { TensorProto } from "../tensor/tensorProto";

/** One record of an event file. `step` is 0 where the file leaves it out. */
export interface Event {
  readonly wallTimeSeconds: number;
  readonly step: number;
  readonly what: EventContent;
}

/** The one thing an event carries. Serialized graphs stay bytes until someone wants to see them. */
export type EventContent =
  | { readonly kind: "fileVersion"; readonly version: string; readonly writer?: string }
  | { readonly kind: "graph"; readonly bytes: Uint8Array }
  | { readonly kind: "metaGraph"; readonly bytes: Uint8Array }
  | { readonly kind: "summary"; readonly values: readonly SummaryValue[] }
  | { readonly kind: "sessionLog"; readonly status: SessionStatus; readonly checkpointPath: string; readonly message: string }
  | { readonly kind: "runMetadata"; readonly tag: string; readonly bytes: Uint8Array }
  | { readonly kind: "log"; readonly level: number; readonly message: string }
  | { readonly kind: "nothing" };

/** What a Supervisor says about its session (SU-6, SU-7). */
export type SessionStatus = "unspecified" | "start" | "stop" | "checkpoint";

/** The session log's states in the order of their numbers. */
export const sessionStatuses: readonly SessionStatus[] = ["unspecified", "start", "stop", "checkpoint"];

/** One value of a summary. */
export interface SummaryValue {
  readonly tag: string;
  /** Writers may leave it out after a tag's first value (formats 6). */
  readonly metadata?: SummaryMetadata;
  readonly value: SummaryContent;
}

/** Which plugin a tag belongs to. `dataClass`: 0 unknown, 1 scalar, 2 tensor, 3 blob sequence. */
export interface SummaryMetadata {
  readonly pluginName: string;
  readonly pluginContent: Uint8Array;
  readonly displayName: string;
  readonly description: string;
  readonly dataClass: number;
}

/** A value by its kind. Encoded media are the file's bytes (PNG, WAV …). */
export type SummaryContent =
  | { readonly kind: "simple"; readonly value: number }
  | { readonly kind: "image"; readonly height: number; readonly width: number; readonly colorspace: number; readonly encoded: Uint8Array }
  | HistogramContent
  | AudioContent
  | { readonly kind: "tensor"; readonly tensor: TensorProto }
  | { readonly kind: "oldHistogram"; readonly bytes: Uint8Array }
  | { readonly kind: "none" };

/** Counts per bucket; `limits[i]` is the right edge of bucket i (SY-5). Both arrays have equal length in sound files. */
export interface HistogramContent {
  readonly kind: "histogram";
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly limits: Float64Array;
  readonly counts: Float64Array;
}

/** A sound. `sampleRate` in Hertz. */
export interface AudioContent {
  readonly kind: "audio";
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly encoded: Uint8Array;
  readonly contentType: string;
}
