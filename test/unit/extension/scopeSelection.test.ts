import { expect, test } from "vitest";
import { ScopeSelection, type ScopeChoice } from "#extension/runs/scopeSelection";

const ties = (name: string) => ({ name, tags: [], variables: [], inside: true });

test("a choice is told once, and each run has its own", () => {
  const scopes = new ScopeSelection();
  const told: ScopeChoice[] = [];
  scopes.onDidChange((choice) => told.push(choice));
  scopes.choose({ dir: "/a", ties: ties("net") });
  scopes.choose({ dir: "/a", ties: ties("net") });
  scopes.choose({ dir: "/b", ties: ties("loss") });
  scopes.choose({ dir: "/a", ties: undefined });
  expect(told.map(({ dir, ties: one }) => [dir, one?.name])).toEqual([["/a", "net"], ["/b", "loss"], ["/a", undefined]]);
  expect([scopes.get("/a"), scopes.get("/b")?.name]).toEqual([undefined, "loss"]);
});
