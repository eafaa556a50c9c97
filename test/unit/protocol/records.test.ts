import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findBackendProbe } from "#protocol/backendProbe";
import { doorChecks } from "#protocol/doorChecks";
import { parseTrainerStart } from "#protocol/trainerStart";
import { programVersion } from "#protocol/version";

test("the version told in every hello is the package's", () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as { version: string };
  expect(programVersion).toBe(version);
});

describe("an argument of an ask", () => {
  test("passes with nothing but what was declared", () => {
    expect(doorChecks.restore({ prefix: "model-1" })).toEqual({ prefix: "model-1" });
    expect(() => doorChecks.restore({ prefix: "model-1", force: true })).toThrow(/"restore" has the wrong shape/);
    expect(() => doorChecks.stop(undefined)).toThrow(/"stop" has the wrong shape/);
  });
  test.each([null, 5, "model-1", [], { prefix: "" }, { prefix: "x".repeat(5000) }])("of the wrong shape is refused: %o", (argument) => {
    expect(() => doorChecks.preflight(argument)).toThrow(/"preflight" has the wrong shape/);
  });
  test("keeps what tells that files are the planned ones", () => {
    const deletes = [{ prefix: "m", files: ["m.index"], stamps: [{ bytes: 1, modifiedMs: 2.5 }], bytes: 1, reason: "old" }];
    expect(doorChecks.prune({ deletes, keeps: [], bytes: 1 })).toEqual({ deletes, keeps: [], bytes: 1 });
  });
});

test("the answer of a probe is found among what libraries print", () => {
  const output = 'Hi there\n{"not": "it"}\n{broken\n\n{"backend":"cpu","device":"tfjs","milliseconds":3.5}\nbye\n';
  expect(findBackendProbe(output)).toEqual({ backend: "cpu", device: "tfjs", milliseconds: 3.5 });
  expect(findBackendProbe("nothing")).toBeUndefined();
});

test("a start that is none is refused", () => {
  expect(() => parseTrainerStart("{}")).toThrow();
  expect(() => parseTrainerStart("")).toThrow();
});
