// Cases of group K about getVariable: initial values, penalties, collections, getters, parts.
import * as tf from "@tensorflow/tfjs";
import { beforeEach, expect, test } from "vitest";
import {
  beginTracing, constant, constantInitializer, fixedSizePartitioner, getRegularizationLosses, getVariable, GraphKeys, noRegularizer, trainableVariables, ValueError,
  variableAxisSizePartitioner, variableScope, type CustomGetter, type GetVariableOptions, type PartitionedVariable, type Regularizer,
} from "#runtime/index";
import { initialised, useGraphCase } from "../../../support/graphCase";

useGraphCase();
beforeEach(() => beginTracing());

const meanPlus = (bias: number): Regularizer => (weights) => tf.add(tf.mean(weights), bias);

test("K23: each new variable has the penalty of its own regularizer, else of its scope's", async () => {
  const get = (name: string, options: GetVariableOptions = {}) => getVariable(name, { shape: [], ...options });
  variableScope("tower", { regularizer: meanPlus(0.1), initializer: constantInitializer(0.3) }, (tower) => {
    get("u");
    get("v");
    get("none", { regularizer: noRegularizer });
    variableScope("nobody", { regularizer: noRegularizer }, () => get("w"));
    tower.regularizer = meanPlus(0.2);
    get("x");
    tower.regularizer = noRegularizer;
    get("y");
  });
  variableScope("tower", { reuse: true, regularizer: meanPlus(0.7) }, () => get("u"));
  const losses = getRegularizationLosses();
  const session = await initialised();
  expect(await session.run(losses)).toEqual([0.4, 0.4, 0.5].map((value) => expect.closeTo(value, 6) as number));
});

test("K24: a value gives shape and type, and is not given another", async () => {
  const v = getVariable("v", { initializer: constant(0.1) });
  const w = variableScope("tower", { initializer: constant(0.1) }, () => getVariable("w"));
  const session = await initialised();
  expect([await session.run(v), await session.run(w)]).toEqual([Math.fround(0.1), Math.fround(0.1)]);
  expect(() => getVariable("u", { shape: [1], initializer: constant(0.1) })).toThrow("shape");
  const x = getVariable("x", { initializer: constant(1, { dtype: "int32" }) });
  expect(x.declaredDtype).toBe("int32");
  expect(() => getVariable("y", { initializer: constant(1, { dtype: "int32" }), dtype: "float64" })).toThrow("don't match");
});

test("K29: what is not to be trained is not among the trainable", () => {
  getVariable("v", { shape: [] });
  getVariable("w", { shape: [], trainable: false });
  getVariable("x", { shape: [], trainable: true, collections: [GraphKeys.LOCAL_VARIABLES] });
  expect(trainableVariables().map(({ op }) => op.name)).toEqual(["v", "x"]);
});

test("K30: without a shape an initializer that needs one is refused, and one that needs nothing is asked", () => {
  const needy = (shape: readonly number[]) => tf.zeros([...shape]);
  expect(() => getVariable("v", { initializer: needy as never })).toThrow(ValueError);
  expect(getVariable("w", { initializer: (() => constant(1)) as never }).shape).toEqual([]);
  expect(getVariable("x", { initializer: ((value = 1) => constant(value)) as never }).shape).toEqual([]);
});

test("K33: a getter that passes on is asked for each variable of its scopes, shared ones too, and changes nothing", () => {
  let calls = 0;
  const customGetter: CustomGetter = (getter, name, options) => {
    calls += 1;
    return getter(name, options);
  };
  const get = (name: string) => getVariable(name, { shape: [1] });
  const [scope, v] = variableScope("scope", { customGetter }, (scope) => [scope, get("v")] as const);
  const v2 = variableScope(scope, { reuse: true }, () => get("v"));
  const other = variableScope("new_scope", () => get("v3"));
  const v4 = variableScope("new_scope", { reuse: true, customGetter }, () => get("v3"));
  expect([v2 === v, v4 === other, calls]).toEqual([true, true, 3]);
});

test("K35: an outer getter sees the name that an inner one gives", () => {
  const seen: string[] = [];
  const recording: CustomGetter = (getter, name, options) => {
    seen.push(name);
    return getter(name, options);
  };
  const forcing: CustomGetter = (getter, _name, options) => getter("forced_name", options);
  variableScope("", { customGetter: recording }, () => variableScope("", { customGetter: forcing }, () => getVariable("v", { shape: [] })));
  expect(seen).toEqual(["forced_name"]);
});

test("K36: the whole goes by the name that was asked for, its parts by numbers", () => {
  const whole = variableScope("scope0", { partitioner: fixedSizePartitioner(2) }, () => getVariable("name0", { shape: [3, 1, 1] })) as unknown as PartitionedVariable;
  expect([whole.name, whole.parts.map(({ op }) => op.name)]).toEqual(["scope0/name0", ["scope0/name0/part_0", "scope0/name0/part_1"]]);
});

test("K36: a scalar is not cut", () => {
  expect(variableScope("scope", { partitioner: fixedSizePartitioner(2) }, () => getVariable("s", { shape: [] })).op.name).toBe("scope/s");
});

test.each([
  [[2, 32_768], [1, 1, 2, 1]],
  [[3, 2048], [1, 1, 1, 32]],
  [[3, 1024], [1, 1, 1, 32]],
  [[3, 1024, 2], [1, 1, 1, 2]],
])("K38: along axis, bytes and at most so many %j a (4, 8, 16, 32) of floats is cut into %j", ([axis = 0, bytes = 0, maxShards], wanted) => {
  const partitioner = variableAxisSizePartitioner(bytes, { axis, ...(maxShards !== undefined && { maxShards }) });
  expect(partitioner([4, 8, 16, 32], "float32")).toEqual(wanted);
});
