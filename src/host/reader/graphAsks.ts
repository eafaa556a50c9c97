// The asks about graphs: scope trees, and which scalars are averages that a graph keeps.
import { basename } from "node:path";
import { svgOf } from "#analysis/diagram/withoutPage";
import { averagedTags } from "#analysis/graph/averagedTags";
import { boxVariables } from "#analysis/graph/boxVariables";
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

/** `open`: the reader of a run that is open. */
export function graphAsks(graphs: GraphCache, open: (dir: string) => RunReader | undefined): Pick<ReaderAsks, "graphSummary" | "graphSvg" | "graphLevel" | "graphNode" | "searchGraph" | "graphPath" | "graphOddities" | "graphTags" | "graphVariables" | "graphPlace" | "graphSources" | "averages"> {
  const ofAny = async <Item>(path: string, look: (tree: ScopeTree) => readonly Item[]): Promise<readonly Item[]> => {
    try {
      return look(await graphs.tree(path, open(path)));
    } catch (error) {
      if (error instanceof UserError || error instanceof FormatError) return [];
      throw error;
    }
  };
  return {
    graphSummary: async ({ path, depth }) => graphSummary((await graphs.tree(path, open(path))).given, depth),
    graphSvg: async ({ path, depth }) => svgOf(await graphs.tree(path, open(path)), { depth, title: basename(path) }),
    graphLevel: async ({ path, scope }) => levelOf(await graphs.tree(path, open(path)), scope),
    graphNode: async ({ path, name }) => nodeFacts(await graphs.tree(path, open(path)), name),
    searchGraph: async ({ path, ...search }) => searchGraph(await graphs.tree(path, open(path)), search),
    graphPath: async ({ path, from, to }) => pathBetween(await graphs.tree(path, open(path)), from, to),
    graphOddities: async ({ path }) => oddities(await graphs.tree(path, open(path))),
    graphTags: ({ path }) => ofAny(path, summaryTags),
    graphVariables: async ({ path, name }) => boxVariables(await graphs.tree(path, open(path)), name),
    graphPlace: async ({ path, of }) => placeOf(await graphs.tree(path, open(path)), of),
    graphSources: ({ path }) => ofAny(path, sourceLines),
    averages: ({ dir }) => ofAny(dir, ({ model }) => averagedTags(model).map(({ tag, decay }) => ({ tag, decay }))),
  };
}
