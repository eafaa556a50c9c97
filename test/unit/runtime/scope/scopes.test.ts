// Names, variable scopes, control dependencies and getVariable as TensorFlow itself recorded them (NS, VS, GV, CD, CL).
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginTracing, endAllTracing, getDefaultGraph, resetDefaultGraph } from "#runtime/index";
import { errorType, isSupported, ProgramError, ScopeProgram, type Program } from "./scopeProgram";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  beginTracing();
});
afterEach(endAllTracing);

function programs(file: string): Program[] {
  const bytes = readFileSync(new URL(`../../../fixtures/scopes/${file}.json.gz`, import.meta.url));
  return (JSON.parse(gunzipSync(bytes).toString()) as { programs: Program[] }).programs;
}

function has(program: Program, op: string): boolean {
  return JSON.stringify(program.program).includes(`"op":"${op}"`);
}

const plainError = (error: unknown) => {
  if (error === null) return null;
  const { type, at } = error as { type: string; at: string };
  return { type, at };
};

/** How many programs of each file must be supported; fewer would be a loss that nobody notices. */
const supportedAtLeast = { names: 13, scopes: 33, control: 18, variables: 23, random: 39 };

describe.each(Object.entries(supportedAtLeast))("%s", (file, atLeast) => {
  const all = programs(file);
  const supported = all.filter(({ program }) => isSupported(program));

  test(`at least ${atLeast} programs are supported`, () => {
    expect(supported.length).toBeGreaterThanOrEqual(atLeast);
  });

  test.each(supported.map((program) => [program.id, program] as const))("%s", (_id, program) => {
    const run = new ScopeProgram();
    let failed: unknown = null;
    try {
      run.run(program.program);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      failed = { type: errorType(error.cause), at: error.at };
    }
    const trace = program.expect.trace.map((entry) => ("error" in entry ? { ...entry, error: plainError(entry["error"]) } : entry));
    expect(run.trace).toEqual(trace);
    expect(failed).toEqual(program.expect.error ? plainError(program.expect.error) : null);
    // Our read of a variable that may be uninitialised is one operation instead of a cond; resource variables lack
    // TensorFlow's operation that asks whether they are initialised.
    const nodesDiffer = has(program, "average") || JSON.stringify(program.program).includes("use_resource");
    if (!nodesDiffer) expect(run.nodes()).toEqual(program.expect.nodes);
    for (const [key, names] of Object.entries(program.expect.collections)) {
      if (key === "cond_context") continue;
      expect(getDefaultGraph().getCollection<{ name: string }>(key).map(({ name }) => name)).toEqual(names);
    }
  });
});
