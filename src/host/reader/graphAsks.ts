// The asks about graphs: scope trees, and which scalars are averages that a graph keeps.
import { basename } from "node:path";
import { svgOf } from "#analysis/diagram/withoutPage";
import { averagedTags } from "#analysis/graph/averagedTags";
import { boxVariables } from "#analysis/graph/boxVariables";
import type { ComparedGraph } from "#analysis/graph/comparedGraph";
import { comparedLevel } from "#analysis/graph/comparedLevel";
import { graphChanges } from "#analysis/graph/graphChanges";
import { graphSummary } from "#analysis/graph/graphSummary";
import { levelOf } from "#analysis/graph/levelOf";
import { placeOf } from "#analysis/graph/placeOf";
import { nodeFacts } from "#analysis/graph/nodeFacts";
import { oddities } from "#analysis/graph/oddities";
import { pathBetween } from "#analysis/graph/path";
import type { ScopeTree } from "#analysis/graph/scopeTree";
import { searchGraph } from "#analysis/graph/search";
import { sourceLines } from "#analysis/graph/sourceLines";
import { summaryTags } from "#analysis/graph/summaryTags";
import { FormatError, UserError } from "#base/errors";
import type { ReaderAsks } from "#protocol/readerApi";
import type { GraphCache } from "./graphCache";
import type { RunReader } from "./runReader";

type GraphAsks = Pick<
  ReaderAsks,
  "graphSummary" | "graphSvg" | "graphLevel" | "graphNode" | "searchGraph" | "graphPath" | "graphOddities" | "graphChanges" | "graphTags" | "graphVariables" | "graphPlace" | "graphSources" | "averages"
>;

/** `open`: the reader of a run that is open. */
export function graphAsks(graphs: GraphCache, open: (dir: string) => RunReader | undefined): GraphAsks {
  const ofAny = async <Item>(path: string, look: (tree: ScopeTree) => readonly Item[]): Promise<readonly Item[]> => {
    try {
      return look(await graphs.tree(path, open(path)));
    } catch (error) {
      if (error instanceof UserError || error instanceof FormatError) return [];
      throw error;
    }
  };
  const graphAt = async ({ path, before }: { readonly path: string; readonly before?: string | undefined }): Promise<{ readonly tree: ScopeTree; readonly compared?: ComparedGraph }> => {
    if (before === undefined) return { tree: await graphs.tree(path, open(path)) };
    const compared = await graphs.compared({ path, before }, open);
    return { tree: compared.tree, compared };
  };
  return {
    graphSummary: async ({ path, depth }) => graphSummary((await graphs.tree(path, open(path))).given, depth),
    graphSvg: async ({ path, depth }) => svgOf(await graphs.tree(path, open(path)), { depth, title: basename(path) }),
    graphLevel: async ({ scope, ...place }) => {
      const graph = await graphAt(place);
      return graph.compared ? comparedLevel(graph.compared, scope) : levelOf(graph.tree, scope);
    },
    graphNode: async ({ name, ...place }) => nodeFacts((await graphAt(place)).tree, name),
    searchGraph: async ({ path, before, ...search }) => searchGraph((await graphAt({ path, before })).tree, search),
    graphPath: async ({ from, to, ...place }) => pathBetween((await graphAt(place)).tree, from, to),
    graphOddities: async (place) => oddities((await graphAt(place)).tree),
    graphChanges: async ({ path, before }) => graphChanges(await graphs.compared({ path, before }, open)),
    graphTags: ({ path }) => ofAny(path, summaryTags),
    graphVariables: async ({ path, name }) => boxVariables(await graphs.tree(path, open(path)), name),
    graphPlace: async ({ path, of }) => placeOf(await graphs.tree(path, open(path)), of),
    graphSources: ({ path }) => ofAny(path, sourceLines),
    averages: ({ dir }) => ofAny(dir, ({ model }) => averagedTags(model).map(({ tag, decay }) => ({ tag, decay }))),
  };
}
