import { expect, test } from "vitest";
import { eachStep } from "#analysis/graph/eachStep";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import type { GraphModel } from "#model/graph";
import { graph, small } from "./graphs";

function told(model: GraphModel): { readonly sink: string | undefined; readonly runs: readonly string[] } | undefined {
  const step = eachStep(buildScopeTree(model));
  return step && { sink: model.nodes[step.sink]?.name, runs: model.nodes.flatMap(({ name }, index) => (step.runs[index] ? [name] : [])) };
}

test("the sink that training updates lead to stands in for the fetched operation", () => {
  const { sink, runs } = told(graph(small)) ?? {};
  expect(sink).toBe("step");
  expect(runs).toContain("loss/mean");
  expect(runs).not.toContain("save/SaveV2");
});

test("of two train operations the one with more updates wins", () => {
  const model = graph("a VariableV2\nb VariableV2\ng Const\nua ApplyAdam a g\nub ApplyAdam b g\none NoOp ^ua\nboth NoOp ^ua ^ub");
  expect(told(model)?.sink).toBe("both");
});

test("without updates the sink that most variables lead to stands in", () => {
  expect(told(graph("a VariableV2\nb VariableV2\nout Add a b\nside Relu a"))?.sink).toBe("out");
});

test("of equal sinks the one with more behind it wins", () => {
  expect(told(graph("a VariableV2\nx Relu a\ny Relu x\nend Relu y\nother Relu a"))?.sink).toBe("end");
});

test("without variables nothing is known", () => {
  expect(told(graph("a Const\nb Relu a"))).toBeUndefined();
});

test("what fills a queue runs too", () => {
  const model = graph(
    "file Const\nread ReadFile file\nq FIFOQueueV2\nput QueueEnqueueV2 q read\nget QueueDequeueV2 q\nv VariableV2\nu ApplyAdam v get",
  );
  expect(told(model)?.runs).toEqual(["file", "read", "q", "put", "get", "v", "u"]);
});

test("a loop ends", () => {
  expect(told(graph("v VariableV2\nm Merge v n\nn NextIteration m\nu ApplyAdam v m"))?.runs).toEqual(["v", "m", "n", "u"]);
});
