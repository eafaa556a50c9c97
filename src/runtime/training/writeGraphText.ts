// The graph on disk as a Supervisor leaves it: `graph.pbtxt`, and the same bytes for event files (SU-5).
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeGraphDef, printGraphDef } from "#formats/graphDef/graphDef";
import { encodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { replaceFile } from "#node/files";
import type { Graph } from "../graph/graph";
import { metaGraphOf } from "../saving/metaGraph";
import type { Saver } from "../saving/saver";

/** Name of the text form in a run's folder. */
const graphTextName = "graph.pbtxt";

/** Writes `graph.pbtxt` where there is a folder, and answers with the bytes of graph and meta graph. */
export async function writeGraphText(
  graph: Graph,
  { logdir, saver }: { readonly logdir?: string | undefined; readonly saver?: Saver | undefined },
): Promise<{ graphDef: Uint8Array; metaGraph: Uint8Array }> {
  const meta = metaGraphOf(graph, saver?.asSaverDef());
  if (logdir !== undefined) {
    await mkdir(logdir, { recursive: true });
    await replaceFile(join(logdir, graphTextName), printGraphDef(meta.graph));
  }
  return { graphDef: encodeGraphDef(meta.graph), metaGraph: encodeMetaGraphDef(meta) };
}
