// Programs of names, scopes and variables: what each statement made, the whole graph, collections and errors.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beginTracing, endAllTracing, getDefaultGraph, resetDefaultGraph } from "#runtime/index";
import { errorType, isSupported, ProgramError, ScopeProgram, type Program, type Statement } from "../unit/runtime/scope/scopeProgram";
import { namesIn, readJson } from "./folders";
import { same, type Report } from "./report";

export async function checkScopes(folder: string, report: Report): Promise<void> {
  await tf.setBackend("cpu");
  for (const file of (await namesIn(folder)).filter((name) => name.endsWith(".json") && name !== "expected.json")) {
    const { programs } = await readJson<{ programs: Program[] }>(join(folder, file));
    for (const program of programs) {
      const missing = unsupportedIn(program.program) ?? otherwise(program);
      if (missing !== undefined) report.skip(`programs that ask for what is not offered: ${missing}`);
      else await report.check(`scopes/${program.id}`, () => runProgram(program));
    }
  }
}

/** The first statement that the interpreter does not know, in one word. */
function unsupportedIn(statements: readonly Statement[]): string | undefined {
  const found = statements.find((statement) => !isSupported([statement]));
  if (!found) return undefined;
  const inner = unsupportedIn(found.body ?? []);
  if (inner !== undefined) return inner;
  const field = Object.keys(found).find((key) => key !== "op" && !isSupported([{ op: "none", [key]: found[key] }]));
  return field === undefined ? found.op : `${found.op} with ${field}`;
}

/** What the statements alone do not tell. */
function otherwise({ program, expect: { trace } }: Program): string | undefined {
  const ops = program.map(({ op }) => op);
  if (ops.includes("add_to_collection")) return "add_to_collection";
  const named = program.findIndex(({ op, name }) => name === "global_step" && op !== "unique_name" && !op.endsWith("scope"));
  if (named >= 0 && ops.indexOf("get_or_create_global_step") > named) return "a global step that is made by hand and found by its name";
  const whole = program.some(({ op, dtype }, at) => op === "variable" && dtype === undefined && trace.some((entry) => entry["at"] === String(at) && entry["dtype"] === "int32"));
  return whole ? "variables whose type is told by a number without a point" : undefined;
}

function runProgram(program: Program): void {
  resetDefaultGraph();
  beginTracing();
  try {
    const run = new ScopeProgram();
    let failed: unknown = null;
    try {
      run.run(program.program);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      failed = { type: errorType(error.cause), at: error.at };
    }
    same("trace", run.trace, program.expect.trace.map((entry) => ("error" in entry ? { ...entry, error: plainError(entry["error"]) } : entry)));
    same("error", failed, plainError(program.expect.error ?? null));
    // A read of a variable that may be uninitialised is one operation instead of a cond, and resource variables lack the
    // operation that asks whether they are initialised.
    const written = JSON.stringify(program.program);
    if (!written.includes('"op":"average"') && !written.includes("use_resource")) same("nodes", run.nodes(), program.expect.nodes);
    for (const [key, names] of Object.entries(program.expect.collections)) {
      if (key !== "cond_context") same(`collection ${key}`, getDefaultGraph().getCollection<{ name: string }>(key).map(({ name }) => name), names);
    }
  } finally {
    endAllTracing();
  }
}

function plainError(error: unknown): unknown {
  if (error === null) return null;
  const { type, at } = error as { type: string; at: string };
  return { type, at };
}
