// Helpers over time: each file of the folder has its driver; restores are here.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { buildGraph, constant, endAllTracing, fixedSizePartitioner, getVariable, globalVariablesInitializer, resetDefaultGraph, Saver, Session, type Variable } from "#runtime/index";
import { namesIn, readJson } from "./folders";
import { checkCoordinator, checkLooper, type CoordinatorCase, type LooperCase } from "./coordinatorCases";
import { checkManager, type ManagerCase } from "./managerCases";
import { checkMonitored, type MonitoredCase } from "./monitoredCases";
import { sameError } from "./pythonErrors";
import { need, same, Skipped, type Report } from "./report";
import { checkSupervisor, type SupervisorCase } from "./supervisorCases";
import { checkTimer, type TimerCase } from "./timerCases";

interface Given { readonly name: string; readonly value: number | number[] | number[][] | string; readonly dtype?: "int32" | "float64" | "string"; readonly parts?: number }
interface RestoreCase {
  readonly saved: readonly Given[];
  readonly restored: readonly Given[];
  readonly reshape?: boolean;
  readonly use_resource?: boolean;
  readonly names?: Readonly<Record<string, string>>;
  readonly path?: string | null;
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly after: Readonly<Record<string, unknown>>;
}

export async function checkSessions(folder: string, report: Report): Promise<void> {
  await tf.setBackend("cpu");
  for (const name of (await namesIn(folder)).filter((each) => each.endsWith(".json") && each !== "expected.json")) {
    const content = await readJson<{ cases?: unknown[] }>(join(folder, name));
    const kind = name.slice(0, -".json".length);
    const check = checks[kind];
    if (!check) throw new Error(`There is no driver for ${name}: wanted ${Object.keys(checks).join(", ")}.`);
    for (const [at, each] of (content.cases ?? []).entries()) {
      const label = (each as { id?: string; case?: string }).id ?? (each as { case?: string }).case ?? at;
      await report.check(`sessions/${kind} ${label}`, () => check(each));
    }
  }
}

const checks: Readonly<Record<string, (each: unknown) => void | Promise<void>>> = {
  coordinator: (each) => checkCoordinator(each as CoordinatorCase),
  looper: (each) => checkLooper(each as LooperCase),
  manager: (each) => checkManager(each as ManagerCase),
  monitored: (each) => checkMonitored(each as MonitoredCase),
  restore: (each) => checkRestore(each as RestoreCase),
  supervisor: (each) => checkSupervisor(each as SupervisorCase),
  timer: (each) => checkTimer(each as TimerCase),
};

async function checkRestore(each: RestoreCase): Promise<void> {
  const before = process.cwd();
  const dir = await mkdtemp(join(tmpdir(), "conformance-"));
  process.chdir(dir);
  try {
    await restore(each);
  } finally {
    endAllTracing();
    process.chdir(before);
    await rm(dir, { recursive: true });
  }
}

/** The variable, or the parts of it. */
function makeGiven({ name, value, dtype, parts }: Given, useResource: boolean): readonly Variable[] {
  const options = { initializer: value, useResource, ...(dtype && { dtype }) };
  if (!parts) return [getVariable(name, options)];
  return getVariable(name, { ...options, initializer: constant(value, dtype && { dtype }), partitioner: fixedSizePartitioner(parts) }).parts;
}

/** A new graph with these variables, initialised, and a Saver for them. */
async function program(given: readonly Given[], { names, reshape = false, useResource = false }: { names?: RestoreCase["names"]; reshape?: boolean; useResource?: boolean | undefined } = {}) {
  resetDefaultGraph();
  const { variables, saver, init } = buildGraph(() => {
    const all = given.map((each) => ({ name: each.name, variables: makeGiven(each, useResource) }));
    const varList = names && Object.fromEntries(Object.entries(names).map(([key, name]) => [key, need(all.find((one) => one.name === name)?.variables[0], name)]));
    return { variables: all, saver: new Saver({ reshape, ...(varList && { varList }) }), init: globalVariablesInitializer() };
  });
  const session = new Session();
  await session.run(init);
  return { variables, saver, session };
}

/** Values as the program was given them, in the order of the variables. */
async function restore(each: RestoreCase): Promise<void> {
  const { saved, restored, reshape = false, use_resource, names, path, error, after } = each;
  if (path !== undefined && path !== null && (/[*?]/.test(path) || path === ".")) throw new Skipped("paths are taken literally, and not as patterns; a folder is no checkpoint");
  const first = await program(saved);
  await first.saver.save(first.session, "saved");
  const { variables, saver, session } = await program(restored, { names, reshape, useResource: use_resource });
  const thrown = await saver.restore(session, path === undefined ? "saved" : (path as string)).then(() => undefined, (failed: unknown) => failed);
  // TensorFlow lets a resource variable take another shape than it was declared with; here that is an error (SR-5).
  const otherShape = use_resource && !reshape && error === null && restored.some(({ name, value }) => shapeOf(value) !== shapeOf(saved.find((one) => one.name === name)?.value));
  const wanted = otherShape ? { type: "InvalidArgumentError", message: "requires shapes of both tensors to match" } : error;
  sameError(thrown, wanted, { anyText: path !== undefined && path !== null });
  for (const one of variables) {
    // Where TensorFlow's failed restore had changed some variables, ours has changed none.
    const given = restored.find(({ name }) => name === one.name)?.value;
    const values = (await Promise.all(one.variables.map((variable) => valuesOf(session, variable)))).flat();
    same(`value of ${one.name}`, values, [wanted ? given : after[one.name]].flat(2));
  }
}

function shapeOf(value: unknown): string {
  return Array.isArray(value) ? `${value.length},${shapeOf(value[0])}` : "";
}

async function valuesOf(session: Session, variable: Variable): Promise<unknown[]> {
  return [...(await session.readVariable(variable))];
}
