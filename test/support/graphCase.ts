// What a case of TensorFlow's behaviour starts from: a new graph, a session, an empty folder to be in.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach } from "vitest";
import { buildGraph, endAllTracing, getVariable, globalVariablesInitializer, logging, resetDefaultGraph, Saver, Session, type SaverOptions, type Variable } from "#runtime/index";

/** A new default graph on the cpu backend for each test, with a new folder as the working directory. */
export function useGraphCase(): void {
  let before = "";
  let dir = "";
  beforeEach(async () => {
    logging.setVerbosity("silent");
    await tf.setBackend("cpu");
    resetDefaultGraph();
    before = process.cwd();
    dir = await mkdtemp(join(tmpdir(), "case-"));
    process.chdir(dir);
  });
  afterEach(async () => {
    endAllTracing();
    process.chdir(before);
    await rm(dir, { recursive: true });
  });
}

/** A session in which the global variables made so far have their first values. */
export async function initialised(): Promise<Session> {
  const session = new Session();
  await session.run(buildGraph(() => globalVariablesInitializer()));
  return session;
}

export interface SavedProgram {
  readonly variables: readonly Variable[];
  readonly saver: Saver;
  readonly session: Session;
  /** What the variables hold, flat. */
  readonly values: () => Promise<number[]>;
}

/** A new graph with these variables, initialised, and a Saver: of all, or as `options` says of them. */
export async function savedProgram(
  given: Readonly<Record<string, number | readonly number[]>>,
  options: (variables: readonly Variable[]) => SaverOptions = () => ({}),
): Promise<SavedProgram> {
  resetDefaultGraph();
  const { variables, saver } = buildGraph(() => {
    const variables = Object.entries(given).map(([name, initializer]) => getVariable(name, { initializer }));
    return { variables, saver: new Saver(options(variables)) };
  });
  const session = await initialised();
  const values = async () => (await Promise.all(variables.map(async (each) => [...(await session.readVariable(each))]))).flat();
  return { variables, saver, session, values };
}
