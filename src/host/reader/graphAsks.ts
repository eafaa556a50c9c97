// The asks about graphs: scope trees, and which scalars are averages that a graph keeps.
import { basename } from "node:path";
import { svgOf } from "#analysis/diagram/withoutPage";
import { averagedTags } from "#analysis/graph/averagedTags";
import { graphSummary } from "#analysis/graph/graphSummary";
import { levelOf } from "#analysis/graph/levelOf";
import { nodeFacts } from "#analysis/graph/nodeFacts";
import { oddities } from "#analysis/graph/oddities";
import { pathBetween } from "#analysis/graph/path";
import { searchGraph } from "#analysis/graph/search";
import { FormatError, UserError } from "#base/errors";
import type { ReaderAsks } from "#protocol/readerApi";
import type { GraphCache } from "./graphCache";
import type { RunReader } from "./runReader";

/** `open`: the reader of a run that is open. */
export function graphAsks(graphs: GraphCache, open: (dir: string) => RunReader | undefined): Pick<ReaderAsks, "graphSummary" | "graphSvg" | "graphLevel" | "graphNode" | "searchGraph" | "graphPath" | "graphOddities" | "averages"> {
  return {
    graphSummary: async ({ path, depth }) => graphSummary((await graphs.tree(path, open(path))).given, depth),
    graphSvg: async ({ path, depth }) => svgOf(await graphs.tree(path, open(path)), { depth, title: basename(path) }),
    graphLevel: async ({ path, scope }) => levelOf(await graphs.tree(path, open(path)), scope),
    graphNode: async ({ path, name }) => nodeFacts(await graphs.tree(path, open(path)), name),
    searchGraph: async ({ path, ...search }) => searchGraph(await graphs.tree(path, open(path)), search),
    graphPath: async ({ path, from, to }) => pathBetween(await graphs.tree(path, open(path)), from, to),
    graphOddities: async ({ path }) => oddities(await graphs.tree(path, open(path))),
    averages: async ({ dir }) => {
      try {
        return averagedTags((await graphs.tree(dir, open(dir))).model).map(({ tag, decay }) => ({ tag, decay }));
      } catch (error) {
        if (error instanceof UserError || error instanceof FormatError) return [];
        throw error;
      }
    },
  };
}
