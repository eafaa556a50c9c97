import { expect, test } from "vitest";
import { crowdedLevel } from "#analysis/diagram/crowded";
import { emptyView, type DiagramView } from "#analysis/diagram/view";
import { levelOf } from "#analysis/graph/levelOf";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { graph } from "../graph/graphs";

const flat = (count: number): string => Array.from({ length: count }, (_, at) => `n${at} ${at % 2 === 0 ? "Relu" : "Neg"} ${at > 0 ? `n${at - 1}` : ""}`).join("\n");
const view = (lines: string): DiagramView => ({ ...emptyView, levels: new Map([["", levelOf(buildScopeTree(graph(lines)), "")]]) });

test("a level of more than 400 things is a list until it is drawn anyway", () => {
  expect(crowdedLevel(view(flat(400)))).toBeUndefined();
  expect(crowdedLevel(view(flat(401)))).toEqual({ scope: "", boxes: 401 });
  expect(crowdedLevel({ ...view(flat(401)), drawAnyway: new Set([""]) })).toBeUndefined();
});

test("boxes that fold into series are no crowd", () => {
  const updates = Array.from({ length: 1000 }, (_, at) => `update_${at} ApplyAdam`).join("\n");
  expect(crowdedLevel(view(`${updates}\nstep NoOp ${Array.from({ length: 1000 }, (_, at) => `^update_${at}`).join(" ")}`))).toBeUndefined();
});

test("of a level of 20,000 boxes the first 5,000 are listed, with their edges, and the rest is counted", () => {
  const level = levelOf(buildScopeTree(graph(flat(20_000))), "");
  expect([level.nodes.length, level.left, level.edges.length]).toEqual([5000, 15_000, 4999]);
});
