// What a box stands among, in words for who does not see the drawing: its place among its siblings, and who feeds, reads and updates it.
import { appendTo } from "#base/multimap";
import { innermostAround } from "#model/scopedName";
import type { DrawnBox, Drawing } from "./drawing";

/** Of one box. */
export interface Around {
  /** From 1 on, in the order of rows, of `siblings` boxes that stand in the same scope. */
  readonly position: number;
  readonly siblings: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Boxes that read or update it as variables. */
  readonly readBy: readonly string[];
  readonly updatedBy: readonly string[];
}

/** The surroundings of each box by its name. */
export function aroundBoxes({ boxes, edges }: Drawing): ReadonlyMap<string, Around> {
  const open = new Set(boxes.filter(({ at }) => at.open).map(({ at }) => at.name));
  const scopes = new Map<string, DrawnBox[]>();
  for (const drawn of boxes) appendTo(scopes, innermostAround(drawn.box.node.name, (scope) => open.has(scope)) ?? "", drawn);
  const [readers, updaters] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const { box: { node } } of boxes) {
    for (const name of node.reads) appendTo(readers, name, node.name);
    for (const name of node.updates) appendTo(updaters, name, node.name);
  }
  const [into, out] = [new Map<string, number>(), new Map<string, number>()];
  for (const { edge } of edges) {
    into.set(edge.to, (into.get(edge.to) ?? 0) + 1);
    out.set(edge.from, (out.get(edge.from) ?? 0) + 1);
  }
  const around = new Map<string, Around>();
  for (const siblings of scopes.values()) {
    siblings.sort(({ at: one }, { at: other }) => one.y - other.y || one.x - other.x).forEach(({ box: { node: { name } } }, index) => around.set(name, {
      position: index + 1, siblings: siblings.length, inputs: into.get(name) ?? 0, outputs: out.get(name) ?? 0, readBy: readers.get(name) ?? [], updatedBy: updaters.get(name) ?? [],
    }));
  }
  return around;
}
