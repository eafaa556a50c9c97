// Sessions over hand-made and traced operations: what runs, in which order, what it gives, what it leaves behind.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildGraph,
  constant,
  controlDependencies,
  endAllTracing,
  FailedPreconditionError,
  getDefaultGraph,
  getVariable,
  globalVariablesInitializer,
  group,
  hostCall,
  InvalidArgumentError,
  nameScope,
  noOp,
  opOf,
  placeholder,
  requestBetweenRuns,
  resetDefaultGraph,
  Session,
  tensorName,
  zerosInitializer,
  type Operation,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

function counted(name: string, log: string[]): Operation {
  return getDefaultGraph().createOperation({
    type: "Test",
    name,
    outputs: [{ dtype: "string", shape: [] }],
    run: () => {
      log.push(name);
      return [new TextEncoder().encode(name)];
    },
  });
}

describe("what runs", () => {
  test("only ancestors of what is fetched run, each once, in the order of creation", async () => {
    const log: string[] = [];
    const a = counted("a", log);
    counted("unneeded", log);
    const b = controlDependencies([a], () => counted("b", log));
    const session = new Session();
    await session.run([b, a, { again: b }]);
    expect(log).toEqual(["a", "b"]);
  });

  test("a group runs all of its members and fetches nothing", async () => {
    const log: string[] = [];
    const both = group([counted("a", log), counted("b", log)], { name: "both" });
    expect(await new Session().run({ both })).toEqual({ both: undefined });
    expect(log).toEqual(["a", "b"]);
  });

  test("string outputs are host values", async () => {
    const a = counted("a", []);
    const [text] = await new Session().run([a.outputs[0]?.tensor]);
    expect(new TextDecoder().decode(text as Uint8Array)).toBe("a");
  });

  test("an async operation is awaited before the next one starts", async () => {
    const order: string[] = [];
    const [late] = hostCall({
      name: "late",
      outputs: [{ dtype: "float32", shape: [] }],
      call: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push("late");
        return 3;
      },
    });
    const after = buildGraph(() => tf.mul(late as tf.Tensor, 2));
    expect(await new Session().run(after)).toBe(6);
    expect(order).toEqual(["late"]);
  });

  test("an operation that calls session.run is refused instead of waiting for itself", async () => {
    const session = new Session();
    const inner = noOp();
    const outer = getDefaultGraph().createOperation({
      type: "Test",
      outputs: [],
      run: async () => void (await session.run(inner)),
    });
    await expect(session.run(outer)).rejects.toThrow("must not call session.run");
  });
});

describe("fetches and feeds", () => {
  test("results have the shape of what was fetched: numbers for scalars, typed arrays with a shape otherwise", async () => {
    const [x, s] = buildGraph(() => {
      const matrix = constant([[1, 2], [3, 4]]);
      return [tf.add(matrix, 1), tf.sum(matrix)] as const;
    });
    const results = await new Session().run({ x, inner: [s, "add:0"], nothing: undefined });
    expect([...(results.x as Float32Array)]).toEqual([2, 3, 4, 5]);
    expect(results.x).toMatchObject({ shape: [2, 2] });
    expect(results.inner[0]).toBe(10);
    expect(results.nothing).toBeUndefined();
  });

  test("a placeholder that was not fed is an invalid argument naming it", async () => {
    const x = placeholder("float32", { shape: [2], name: "x" });
    await expect(new Session().run(x)).rejects.toThrow(/must feed a value for placeholder tensor 'x'/);
    await expect(new Session().run(x)).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test("a feed of another shape or type is refused before anything runs", async () => {
    const [x, y] = buildGraph(() => {
      const x = placeholder("float32", { shape: [2, 3] });
      return [x, tf.mul(x, 2)] as const;
    });
    const session = new Session();
    await expect(session.run(y, { feeds: [[x, tf.ones([3, 2])]] })).rejects.toThrow("(2, 3)");
    await expect(session.run(y, { feeds: [[x, tf.ones([2, 3], "int32")]] })).rejects.toThrow("int32");
    const fed = await session.run(y, { feeds: new Map([[x, [[1, 2, 3], [4, 5, 6]]]]) });
    expect([...(fed as Float32Array)]).toEqual([2, 4, 6, 8, 10, 12]);
  });

  test("an intermediate value may be fed, and what is above it does not run", async () => {
    const log: string[] = [];
    const [made] = hostCall({ name: "made", outputs: [{ dtype: "float32", shape: [] }], call: () => log.push("ran") });
    const y = buildGraph(() => tf.add(made as tf.Tensor, 1));
    expect(await new Session().run(y, { feeds: [[made as tf.Tensor, 4]] })).toBe(5);
    expect(log).toEqual([]);
  });
});

describe("variables", () => {
  test("an uninitialised variable is a failed precondition naming it", async () => {
    const v = getVariable("scope_less/w", { shape: [2], initializer: zerosInitializer() });
    const session = new Session();
    await expect(session.run(v)).rejects.toThrow("Attempting to use uninitialized value scope_less/w");
    await expect(session.run(v.value())).rejects.toBeInstanceOf(FailedPreconditionError);
    expect(session.isInitialized(v)).toBe(false);
    await session.run(globalVariablesInitializer());
    expect([...(await session.readVariable(v))]).toEqual([0, 0]);
  });

  test("each session has values of its own", async () => {
    const v = getVariable("v", { initializer: 3 });
    const up = v.assignAdd(1);
    const [one, two] = [new Session(), new Session()];
    await one.run(v.initializer);
    await two.run(v.initializer);
    expect(await one.run(up)).toBe(4);
    expect(await two.run(v)).toBe(3);
  });

  test("a fetched variable has its value after the run", async () => {
    const v = getVariable("v", { initializer: 3 });
    const add = v.assign(buildGraph(() => tf.add(v, 1)));
    const session = new Session();
    await session.run(v.initializer);
    expect(await session.run([v, opOf(add)])).toEqual([4, undefined]);
  });

  test("values of another shape are refused and the old ones stay", async () => {
    const v = getVariable("v", { shape: [2], initializer: zerosInitializer() });
    const session = new Session();
    session.assignVariable(v, [1, 2], [2]);
    expect(() => session.assignVariable(v, [1, 2, 3], [3])).toThrow("shapes");
    expect([...(await session.readVariable(v))]).toEqual([1, 2]);
  });
});

describe("memory and failures", () => {
  test("a run leaves no tensor behind, whether it ends well or in an error", async () => {
    const [x, y, bad] = buildGraph(() => {
      const x = placeholder("float32", { shape: [4] });
      const y = tf.mean(tf.square(tf.sub(x, tf.ones([4]))));
      const [fails] = hostCall({
        name: "fails",
        inputs: [y],
        outputs: [{ dtype: "float32", shape: [] }],
        call: () => {
          throw new RangeError("no more data");
        },
      });
      return [x, y, tf.add(y, fails as tf.Tensor)] as const;
    });
    const session = new Session();
    const feeds = [[x, [1, 2, 3, 4]]] as const;
    await session.run(y, { feeds });
    await expect(session.run(bad, { feeds })).rejects.toThrow("no more data");
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await session.run(y, { feeds });
    await expect(session.run(bad, { feeds })).rejects.toBeInstanceOf(RangeError);
    expect(tf.memory().numTensors).toBe(before);
    session.close();
  });

  test("a kernel that fails is told with its node and line", async () => {
    const y = buildGraph(() => {
      const [wrong] = hostCall({ name: "wrong", outputs: [{ dtype: "float32", shape: [2, 3] }], call: () => tf.ones([2, 3]) });
      return nameScope("outer", () => tf.matMul(wrong as tf.Tensor2D, tf.ones([3, 2])));
    });
    const tensor = opOf(y).inputs[0];
    await expect(new Session().run(y, { feeds: [[tensor?.tensor as tf.Tensor, tf.ones([2, 3])]] })).resolves.toBeDefined();
    expect(tensorName(y)).toBe("outer/MatMul:0");
    expect(opOf(y).source?.file).toContain("session.test.ts");
  });
});

test("requests are carried out between two runs, and runs they start do not wait for themselves", async () => {
  const v = getVariable("v", { initializer: 0 });
  const step = v.assignAdd(1);
  const session = new Session();
  await session.run(v.initializer);
  const seen = requestBetweenRuns(async () => session.run(v));
  const after = session.run(step);
  expect(await seen).toBe(0);
  expect(await after).toBe(1);
});
