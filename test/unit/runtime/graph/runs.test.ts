// Runs under odd conditions: long ones, missing kernels, host functions of all kinds, requests after the end.
import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  beginBetweenRuns,
  buildGraph,
  constant,
  controlDependencies,
  endAllTracing,
  endBetweenRuns,
  getDefaultGraph,
  getVariable,
  globalVariablesInitializer,
  group,
  hostCall,
  InvalidArgumentError,
  isVariableInitialized,
  noOp,
  OutOfRangeError,
  placeholder,
  reportUninitializedVariables,
  requestBetweenRuns,
  resetDefaultGraph,
  Session,
  tuple,
  type HostResults,
  type Operation,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  beginBetweenRuns();
});
afterEach(endAllTracing);

function busy(milliseconds: number): Operation {
  return getDefaultGraph().createOperation({
    type: "Test",
    outputs: [],
    run: () => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    },
  });
}

test("a long run lets the event loop answer others in between", async () => {
  const long = group(Array.from({ length: 8 }, () => busy(25)));
  let answered = 0;
  let running = true;
  const answering = (async () => {
    while (running) {
      await setImmediate();
      answered += 1;
    }
  })();
  await new Session().run(long);
  running = false;
  await answering;
  expect(answered).toBeGreaterThanOrEqual(4);
});

test("a kernel that the backend lacks is told by its name, node and line before anything runs", async () => {
  const log: string[] = [];
  const first = getDefaultGraph().createOperation({ type: "Test", outputs: [], run: () => void log.push("ran") });
  const operation = getDefaultGraph().createOperation({
    type: "Odd",
    name: "layer/odd",
    outputs: [],
    controlInputs: [first],
    run: () => undefined,
    kernel: { name: "NoSuchKernel", keys: [], list: false, attrs: {} },
  });
  await expect(new Session().run(operation)).rejects.toThrow(/backend cpu has no kernel for: NoSuchKernel \(node layer\/odd, .*runs\.test\.ts:\d+\)/);
  expect(log).toEqual([]);
});

describe("host functions", () => {
  const pair = [{ dtype: "float32", shape: [2] }, { dtype: "string", shape: [2] }] as const;

  test("may give numbers, strings, tensors, one result without a list", async () => {
    const [numbers, texts] = hostCall({ name: "pair", outputs: pair, call: () => [[1, 2], ["a", new Uint8Array([98])]] });
    const [single] = hostCall({ name: "single", outputs: [{ dtype: "int64", shape: [] }], call: () => 7 });
    const [row] = hostCall({ name: "row", outputs: [{ dtype: "float32", shape: [1] }], call: () => [4] });
    const [bytes] = hostCall({ name: "bytes", outputs: [{ dtype: "string", shape: [1] }], call: () => [new Uint8Array([99])] });
    const got = await new Session().run([numbers, texts, single, row, bytes]);
    expect([...(got[0] as Float32Array)]).toEqual([1, 2]);
    expect((got[1] as Uint8Array[]).map((each) => String.fromCharCode(...each))).toEqual(["a", "b"]);
    expect(got[2]).toBe(7);
    expect([...(got[3] as Float32Array)]).toEqual([4]);
    expect(got[4]).toEqual([new Uint8Array([99])]);
  });

  const wrong: [string, () => HostResults, RegExp][] = [
    ["too few results", () => [[1, 2]] as never, /returned 1 results where 2 are declared/],
    ["too few numbers", () => [[1], ["a", "b"]], /\(1,\) where float32 \(2,\) is declared/],
    ["a tensor of another shape", () => [tf.ones([3]), ["a", "b"]], /float32 \(3,\) where float32 \(2,\)/],
    ["too few strings", () => [[1, 2], ["a"]], /string \(1,\) where string \(2,\)/],
  ];
  test.each(wrong)("%s are an invalid argument naming the operation", async (_name, call, message) => {
    const [numbers] = hostCall({ name: "pair", outputs: pair, call });
    await expect(new Session().run(numbers)).rejects.toThrow(message);
    await expect(new Session().run(numbers)).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test("keep the class of what they throw, so that the end of the data is told from a mistake", async () => {
    const [next] = hostCall({
      name: "next",
      outputs: [{ dtype: "float32", shape: [] }],
      call: async () => {
        throw new OutOfRangeError("End of sequence");
      },
    });
    await expect(new Session().run(next)).rejects.toBeInstanceOf(OutOfRangeError);
  });

  test("run once a run, however many use their results", async () => {
    let calls = 0;
    const [batch] = hostCall({ name: "batch", outputs: [{ dtype: "float32", shape: [] }], call: () => (calls += 1) });
    const sum = buildGraph(() => tf.add(tf.mul(batch as tf.Tensor, 10), batch as tf.Tensor));
    const session = new Session();
    expect(await session.run([sum, batch])).toEqual([11, 1]);
    expect(await session.run(sum)).toBe(22);
  });
});

describe("between runs", () => {
  test("a request after the end is refused, and so is one that waited for a run that never came", async () => {
    const waiting = requestBetweenRuns(async () => 1);
    endBetweenRuns();
    await expect(waiting).rejects.toThrow("training has ended");
    await expect(requestBetweenRuns(async () => 1)).rejects.toThrow("training has ended");
  });

  test("a request that fails is told to who asked; the run goes on", async () => {
    const failing = requestBetweenRuns(async () => {
      throw new Error("no space left");
    });
    const run = new Session().run(noOp());
    await expect(failing).rejects.toThrow("no space left");
    await expect(run).resolves.toBeUndefined();
  });

  test("runs that are started together follow each other", async () => {
    const v = getVariable("v", { initializer: 0 });
    const add = v.assignAdd(1);
    const session = new Session();
    await session.run(globalVariablesInitializer());
    const results = await Promise.all([session.run(add), session.run(add), session.run(add)]);
    expect(results).toEqual([1, 2, 3]);
  });
});

describe("states of variables", () => {
  test("uninitialised variables are reported by name, and each may be asked", async () => {
    const [a, b] = [getVariable("a", { initializer: 1 }), getVariable("b", { initializer: 2 })];
    const report = reportUninitializedVariables();
    const asked = isVariableInitialized(b);
    const session = new Session();
    await session.run(a.initializer);
    const names = (await session.run(report)) as Uint8Array[];
    expect(names.map((name) => new TextDecoder().decode(name))).toEqual(["b"]);
    expect(await session.run(asked)).toBe(0);
    await session.run(b.initializer);
    expect(await session.run([report, asked])).toEqual([[], 1]);
  });

  test("int64 is carried as int32 and declared as int64", async () => {
    const v = getVariable("step", { shape: [], dtype: "int64" });
    const session = new Session();
    session.assignVariable(v, BigInt64Array.of(2_000_000_000n), []);
    expect(v.dtype).toBe("int32");
    expect(v.declaredDtype).toBe("int64");
    expect(v.op.outputs[0]?.dtype).toBe("int64");
    expect([...(await session.readVariable(v))]).toEqual([2_000_000_000]);
  });

  test("a value of another type is refused with the way out", () => {
    const v = getVariable("step", { shape: [], dtype: "int64" });
    expect(() => buildGraph(() => v.assign(tf.add(v, 1)))).toThrow(/tf\.scalar\(1, "int32"\)/);
  });

  test("a fed variable keeps its value", async () => {
    const v = getVariable("v", { initializer: 3 });
    const doubled = buildGraph(() => tf.mul(v, 2));
    const session = new Session();
    await session.run(globalVariablesInitializer());
    expect(await session.run(doubled, { feeds: [[v, 10]] })).toBe(20);
    expect(await session.run(doubled)).toBe(6);
  });
});

test("tuple gives its tensors only when all of them are there", async () => {
  const order: string[] = [];
  const made = (name: string) => hostCall({ name, outputs: [{ dtype: "float32", shape: [] }], call: () => order.push(name) })[0] as tf.Tensor;
  const [a, b] = [made("a"), made("b")];
  const [gated] = tuple([a, b]);
  const after = hostCall({ name: "after", inputs: [gated as tf.Tensor], outputs: [{ dtype: "float32", shape: [] }], call: () => order.push("after") });
  await new Session().run(after);
  expect(order).toEqual(["a", "b", "after"]);
});

test("a closed session frees its variables and refuses to run", async () => {
  const v = getVariable("v", { initializer: [1, 2, 3] });
  const before = tf.memory().numTensors;
  const session = new Session();
  await session.run(globalVariablesInitializer());
  await session.run(buildGraph(() => tf.add(v, constant([1, 1, 1]))));
  session.close();
  expect(tf.memory().numTensors).toBe(before);
  await expect(session.run(v)).rejects.toThrow("closed");
});

test("fed strings arrive as bytes", async () => {
  const path = placeholder("string", { shape: [], name: "path" });
  const paths = placeholder("string", { shape: [2], name: "paths" });
  const got = await new Session().run([path, paths], { feeds: [[path, "x.png"], ["paths:0", ["a", "b"]]] });
  expect(new TextDecoder().decode(got[0] as Uint8Array)).toBe("x.png");
  expect((got[1] as Uint8Array[]).map((each) => new TextDecoder().decode(each))).toEqual(["a", "b"]);
});

test("a read inside control dependencies sees what they wrote, the cached read what was there", async () => {
  const { cached, fresh } = buildGraph(() => {
    const v = getVariable("v", { initializer: 1 });
    return controlDependencies([v.assign(5)], () => ({ cached: tf.mul(v, 1), fresh: tf.mul(v.readValue(), 1) }));
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  expect(await session.run({ cached, fresh })).toEqual({ cached: 1, fresh: 5 });
});
