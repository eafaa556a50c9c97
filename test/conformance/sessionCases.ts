// Restores as TensorFlow's ended, on this runtime; the other helpers over time have no driver here.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { InvalidArgumentError, NotFoundError, ValueError } from "#runtime/graph/errors";
import { buildGraph, endAllTracing, getVariable, globalVariablesInitializer, resetDefaultGraph, Saver, Session, type Variable } from "#runtime/index";
import { namesIn, readJson } from "./folders";
import { checkMonitored, type MonitoredCase } from "./monitoredCases";
import { Mismatch, need, same, Skipped, type Report } from "./report";
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
    const content = await readJson<Record<string, unknown>>(join(folder, name));
    if (name === "monitored.json") {
      for (const each of content["cases"] as MonitoredCase[]) await report.check(`sessions/monitored ${each.id}`, () => checkMonitored(each));
      continue;
    }
    if (name === "timer.json") {
      for (const [at, each] of (content["cases"] as TimerCase[]).entries()) await report.check(`sessions/timer ${at}`, () => checkTimer(each));
      continue;
    }
    if (name !== "restore.json") {
      const lists = Object.values(content).filter(Array.isArray);
      report.skip(`sessions/${name}: sequences of calls over time, for which there is no driver here`, lists.reduce((sum, list) => sum + list.length, 0));
      continue;
    }
    for (const [at, each] of ((content["cases"] ?? []) as RestoreCase[]).entries()) {
      const before = process.cwd();
      const dir = await mkdtemp(join(tmpdir(), "conformance-"));
      process.chdir(dir);
      await report.check(`sessions/restore ${at}`, () => restore(each));
      endAllTracing();
      process.chdir(before);
      await rm(dir, { recursive: true });
    }
  }
}

/** A new graph with these variables, initialised, and a Saver for them. */
async function program(given: readonly Given[], names?: RestoreCase["names"]) {
  resetDefaultGraph();
  const { variables, saver, init } = buildGraph(() => {
    const all = given.map(({ name, value, dtype }) => getVariable(name, { initializer: value, ...(dtype && { dtype }) }));
    const varList = names && Object.fromEntries(Object.entries(names).map(([key, name]) => [key, need(all.find(({ op }) => op.name === name), name)]));
    return { variables: all, saver: new Saver(varList ? { varList } : {}), init: globalVariablesInitializer() };
  });
  const session = new Session();
  await session.run(init);
  return { variables, saver, session };
}

const classes: Readonly<Record<string, abstract new (message: string) => Error>> = { NotFoundError, InvalidArgumentError, ValueError };

async function restore({ saved, restored, reshape, use_resource, names, path, error, after }: RestoreCase): Promise<void> {
  if (reshape) throw new Skipped("restores that reshape are not offered");
  if (use_resource) throw new Skipped("restores into resource variables of another shape are not offered");
  if ([...saved, ...restored].some(({ parts }) => parts)) throw new Skipped("partitioned variables are not offered");
  if (![undefined, null, "missing", ""].includes(path)) throw new Skipped("paths that are patterns or files of a checkpoint are not offered");
  const first = await program(saved);
  await first.saver.save(first.session, "saved");
  const { variables, saver, session } = await program(restored, names);
  const thrown = await saver.restore(session, path === undefined ? "saved" : (path as string)).then(() => undefined, (failed: unknown) => failed);
  if (!error) same("error", thrown && String(thrown), undefined);
  else {
    const wanted = need(classes[error.type], error.type);
    const key = error.message.split("\n").at(-1) ?? "";
    if (!(thrown instanceof wanted) || !thrown.message.includes(key)) throw new Mismatch("error", error, thrown && String(thrown));
  }
  for (const one of variables) {
    // Where TensorFlow's failed restore had changed some variables, ours has changed none.
    const given = restored.find(({ name }) => name === one.op.name)?.value;
    same(`value of ${one.op.name}`, await valuesOf(session, one), [error ? given : after[one.op.name]].flat(2));
  }
}

async function valuesOf(session: Session, variable: Variable): Promise<unknown[]> {
  return [...(await session.readVariable(variable))];
}
