// Summaries of every kind, what tags are by their first value, and the short way for scalars.
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeMessage } from "#formats/bytes/wireWriter";
import { decodeEvent } from "#formats/events/decodeEvent";
import { decodeSummary } from "#formats/events/decodeSummary";
import { encodeEvent } from "#formats/events/encodeEvent";
import { encodeSummary } from "#formats/events/encodeSummary";
import type { Event, SummaryContent, SummaryMetadata, SummaryValue } from "#formats/events/event";
import { ScalarEvents } from "#formats/events/scalarEvents";
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

describe("the short way for scalars", () => {
  const event = (step: number, tag: string, value = 1.5): Uint8Array =>
    encodeEvent({ wallTimeSeconds: 12.5, step, what: { kind: "summary", values: [{ tag, value: { kind: "simple", value } }] } });
  test("gives time, step, tag and value of a plain point", () => {
    const scalars = new ScalarEvents();
    for (const [step, tag] of [[0, "loss"], [1, "loss"], [300, "a/é"], [2 ** 40, "x".repeat(300)]] as const) {
      expect(scalars.read(event(step, tag))).toBe(true);
      expect([scalars.wallTimeSeconds, scalars.step, scalars.tag, scalars.value]).toEqual([12.5, step, tag, 1.5]);
    }
  });
  test("tags with one hash are told apart", () => {
    const scalars = new ScalarEvents();
    for (const tag of ["Aa", "BB", "Aa", "BB"]) {
      expect(scalars.read(event(1, tag))).toBe(true);
      expect(scalars.tag).toBe(tag);
    }
  });
  test("leaves everything else to the long way", () => {
    const scalars = new ScalarEvents();
    const two = encodeEvent({ wallTimeSeconds: 1, step: 1, what: { kind: "summary", values: ["a", "b"].map((tag) => ({ tag, value: { kind: "simple", value: 1 } })) } });
    const described = encodeEvent({ wallTimeSeconds: 1, step: 1, what: { kind: "summary", values: [{ tag: "a", metadata: metadata("scalars"), value: { kind: "simple", value: 1 } }] } });
    for (const bytes of [two, described, event(-1, "a"), event(1, ""), new Uint8Array(), ...whats.map((what) => encodeEvent({ wallTimeSeconds: 1, step: 2, what }))]) {
      expect(scalars.read(bytes)).toBe(false);
    }
    const point = event(5, "loss");
    for (let end = 0; end < point.length; end++) expect(scalars.read(point.subarray(0, end))).toBe(false);
  });
});
