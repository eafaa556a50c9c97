// Names, variable scopes, control dependencies and getVariable as TensorFlow itself recorded them (NS, VS, GV, PT, CD, CL, GS).
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginTracing, endAllTracing, resetDefaultGraph } from "#runtime/index";
import { expectedOf, outcomeOf } from "./scopeProgram";
import { impossibleIn, parsePrograms, type Program } from "./scopeWords";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  beginTracing();
});
afterEach(endAllTracing);

function programs(file: string): Program[] {
  const bytes = readFileSync(new URL(`../../../fixtures/scopes/${file}.json.gz`, import.meta.url));
  return parsePrograms(gunzipSync(bytes).toString());
}

describe.each(["control", "getters", "names", "partitions", "random", "scopes", "steps", "variables"])("%s", (file) => {
  const possible = programs(file).filter(({ program }) => impossibleIn(program) === undefined);

  test.each(possible.map((program) => [program.id, program] as const))("%s", (_id, program) => {
    expect(outcomeOf(program)).toEqual(expectedOf(program));
  });
});
