// Where a graph of our runtime says which line of the script made an operation.
import type { GraphNode, SourceLocation } from "#model/graph";

/** Attribute under which our runtime writes the script's line, as `file:line`. */
export const sourceAttribute = "_trainscope_source";

/** The line that made an operation, where the graph tells. */
export function sourceOf(node: Pick<GraphNode, "attrs"> | undefined): SourceLocation | undefined {
  const [, file, line] = /^"?(.+):(\d+)"?$/s.exec(node?.attrs.get(sourceAttribute) ?? "") ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}
