// Summaries of every kind, what tags are by their first value, and the short way for scalars.
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeMessage } from "#formats/bytes/wireWriter";
import { decodeEvent } from "#formats/events/decodeEvent";
import { decodeSummary } from "#formats/events/decodeSummary";
import { encodeEvent } from "#formats/events/encodeEvent";
import { encodeSummary } from "#formats/events/encodeSummary";
import type { Event, SummaryContent, SummaryMetadata, SummaryValue } from "#formats/events/event";
import { asScalar, tagKind } from "#formats/events/tagKind";
import { hex } from "../golden";

const contents: readonly SummaryContent[] = [
  { kind: "simple", value: 0 },
  { kind: "simple", value: NaN },
  { kind: "image", height: 2, width: 3, colorspace: 4, encoded: Uint8Array.of(1, 2) },
  { kind: "histogram", min: -1, max: 1, num: 2, sum: 0, sumSquares: 2, limits: Float64Array.of(0, 1.7976931348623157e308), counts: Float64Array.of(1, 1) },
  { kind: "histogram", min: 0, max: 0, num: 0, sum: 0, sumSquares: 0, limits: new Float64Array(), counts: new Float64Array() },
  { kind: "audio", sampleRate: 8000, channels: 2, frames: 100, encoded: Uint8Array.of(9), contentType: "audio/wav" },
  { kind: "tensor", tensor: { dtype: 7, shape: [1], values: [encodeUtf8("text")] } },
  { kind: "oldHistogram", bytes: Uint8Array.of(1) },
  { kind: "none" },
];

const metadata = (pluginName: string, dataClass = 0): SummaryMetadata => ({
  pluginName, pluginContent: Uint8Array.of(123, 125), displayName: "Shown", description: "*text*", dataClass,
});

describe("summaries", () => {
  test.each(contents.map((value) => [value.kind, value] as const))("a value of kind %s comes back", (_, value) => {
    const values: SummaryValue[] = [{ tag: "a/é", value }, { tag: "b", metadata: metadata("p", 2), value }];
    expect(decodeSummary(encodeSummary(values))).toEqual(values);
  });
  test("a merged summary is its parts put together", () => {
    const parts = contents.map((value): SummaryValue => ({ tag: value.kind, value }));
    expect(hex(encodeSummary(parts))).toBe(parts.map((part) => hex(encodeSummary([part]))).join(""));
  });
  test("a value without a tag goes by its node name", () => {
    const bytes = encodeMessage((writer) => writer.message(1, (value) => {
      value.float(2, 1);
      value.string(7, "node");
    }));
    expect(decodeSummary(bytes)).toEqual([{ tag: "node", value: { kind: "simple", value: 1 } }]);
  });
});

const whats: readonly Event["what"][] = [
  { kind: "fileVersion", version: "brain.Event:2" },
  { kind: "fileVersion", version: "brain.Event:2", writer: "trainscope" },
  { kind: "graph", bytes: new Uint8Array(300) },
  { kind: "metaGraph", bytes: Uint8Array.of(1) },
  { kind: "summary", values: [] },
  { kind: "sessionLog", status: "checkpoint", checkpointPath: "model", message: "m" },
  { kind: "sessionLog", status: "unspecified", checkpointPath: "", message: "" },
  { kind: "runMetadata", tag: "step_1", bytes: Uint8Array.of(5) },
  { kind: "log", level: 20, message: "line" },
  { kind: "nothing" },
];

test.each(whats.map((what) => [what.kind, what] as const))("an event with %s comes back", (_, what) => {
  for (const step of [0, 1, -3, 2 ** 40]) {
    const event: Event = { wallTimeSeconds: 1_700_000_000.25, step, what };
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  }
});

test("a session's state beyond those we know is unspecified", () => {
  const bytes = encodeMessage((writer) => writer.message(7, (log) => log.int(1, 9)));
  expect(decodeEvent(bytes).what).toMatchObject({ status: "unspecified" });
});

describe("what a tag is", () => {
  const tensor: SummaryContent = { kind: "tensor", tensor: { dtype: 1, shape: [], values: [1] } };
  test.each([
    ["a plain number", undefined, contents[0], "scalars", "scalar"],
    ["an image, whatever its metadata says", metadata("scalars"), contents[2], "images", "image"],
    ["a histogram", undefined, contents[3], "histograms", "histogram"],
    ["audio", undefined, contents[5], "audio", "audio"],
    ["a tensor of the scalars plugin", metadata("scalars"), tensor, "scalars", "scalar"],
    ["text", metadata("text"), contents[6], "text", "text"],
    ["metadata with a data class wins over the value", metadata("text", 2), contents[0], "text", "text"],
    ["an unknown plugin with a data class", metadata("mine", 1), tensor, "mine", "scalar"],
    ["an unknown plugin", metadata("mine"), tensor, "mine", "tensor"],
    ["hyperparameters without a value", metadata("hparams"), contents[8], "hparams", "hparams"],
    ["curves of precision and recall", metadata("pr_curves"), tensor, "pr_curves", "prCurve"],
    ["nothing at all", undefined, contents[8], "", "other"],
  ] as const)("%s", (_, meta, value, plugin, kind) => {
    if (!value) throw new Error("no value");
    expect(tagKind({ tag: "t", ...(meta && { metadata: meta }), value })).toMatchObject({ plugin, kind });
  });
  test("scalars are plain numbers and single real tensors", () => {
    expect(contents.map(asScalar)).toEqual([0, NaN, ...Array.from({ length: 7 }, () => undefined)]);
    expect(asScalar(tensor)).toBe(1);
  });
});
