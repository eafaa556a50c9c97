// What the graphs of our samples compute out of their files, before and after a step of training: TensorFlow must compute it as well.
import { importMetaGraph, getDefaultGraph, resetDefaultGraph, Session } from "#runtime/index";

/** Tensors whose values a run is given, tensors that it is asked for, and the operation of a step. */
export interface Question {
  readonly fed: readonly string[];
  readonly asked: readonly string[];
  readonly step: string;
}

/** The question with its values, by names of tensors. */
export interface Computed {
  readonly feeds: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[]; readonly values: readonly number[] }>>;
  readonly step: string;
  readonly before: Readonly<Record<string, readonly number[]>>;
  readonly after: Readonly<Record<string, readonly number[]>>;
}

/** Imports the meta graph of a checkpoint, restores it and runs it with waves in place of examples. */
export async function computed(prefix: string, { fed, asked, step }: Question): Promise<Computed> {
  resetDefaultGraph();
  const saver = importMetaGraph(`${prefix}.meta`);
  const session = new Session();
  await saver?.restore(session, prefix);
  const feeds = Object.fromEntries(fed.map((name) => [name, waves(name)]));
  const given = Object.entries(feeds).map(([name, { dtype, values }]): [string, Float32Array | Int32Array] => [
    name, dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values),
  ]);
  const values = async (): Promise<Record<string, number[]>> => {
    const got = await session.run([...asked], { feeds: given });
    return Object.fromEntries(asked.map((name, at) => [name, [got[at]].flatMap((value) => (typeof value === "number" ? value : Array.from(value as unknown as Float32Array)))]));
  };
  const before = await values();
  await session.run(getDefaultGraph().getOperationByName(step), { feeds: given });
  const after = await values();
  session.close();
  return { feeds, step, before, after };
}

/** Numbers between -1 and 1, or those of ten classes. */
function waves(name: string): Computed["feeds"][string] {
  const { dtype, shape } = getDefaultGraph().getTensorByName(name) as { dtype: string; shape: number[] };
  const length = shape.reduce((product, each) => product * each, 1);
  const values = Array.from({ length }, (_, at) => (dtype === "int32" ? at % 10 : Math.fround(Math.sin(at * 0.37))));
  return { dtype, shape: [...shape], values };
}
