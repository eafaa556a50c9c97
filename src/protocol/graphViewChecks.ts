// The shapes of what a graph page may ask its host.
import * as z from "zod/mini";
import type { Checks } from "./channel";
import { checked } from "./doorChecks";
import { mostNames, type GraphAsks } from "./graphViewApi";
import { command, nothing, text } from "./viewChecks";
import type { HostSide } from "./viewsApi";

/** Closed boxes of a drawing. */
const maxBoxes = 200_000;
/** More matches than fit on any screen are asked for part by part. */
const maxMatches = 1000;
const maxDrawingBytes = 64 * 1024 * 1024;
/** A name out of a graph that others wrote: whatever fits into a file. */
const graphName = z.string().check(z.maxLength(1_000_000));
const named = z.strictObject({ name: graphName });
const names = z.array(graphName).check(z.maxLength(mostNames));
/** What the editor remembers stays small. */
const keptNames = z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(mostNames));
const count = z.int().check(z.gte(0));

/** Checks for every ask of the graph page. */
export const graphChecks = {
  command,
  open: checked("open", nothing),
  level: checked("level", z.strictObject({ scope: graphName })),
  node: checked("node", named),
  search: checked("search", z.strictObject({ text: graphName, from: count, count: count.check(z.lte(maxMatches)), within: z.array(graphName).check(z.maxLength(maxBoxes)) })),
  path: checked("path", z.strictObject({ from: graphName, to: graphName })),
  oddities: checked("oddities", nothing),
  changes: checked("changes", nothing),
  ties: checked("ties", named),
  values: checked("values", z.strictObject({ variables: names })),
  badges: checked("badges", z.strictObject({ tags: names })),
  times: checked("times", nothing),
  chosen: checked("chosen", z.strictObject({ name: z.optional(graphName) })),
  showTied: checked("showTied", z.strictObject({ kind: z.enum(["curves", "checkpoints"]), name: graphName })),
  showCurve: checked("showCurve", z.strictObject({ tag: graphName })),
  goToSource: checked("goToSource", z.strictObject({ file: text, line: z.int().check(z.gte(1)) })),
  searchNonFinite: checked("searchNonFinite", nothing),
  keepMoves: checked("keepMoves", z.strictObject({ broughtIn: keptNames, sentAside: keptNames })),
  saveDrawing: checked("saveDrawing", z.union([
    z.strictObject({ kind: z.enum(["svg", "dot"]), name: text, text: z.string().check(z.maxLength(maxDrawingBytes)) }),
    z.strictObject({ kind: z.literal("png"), name: text, bytes: z.instanceof(Uint8Array).check(z.refine(({ length }) => length <= maxDrawingBytes)) }),
  ])),
} satisfies Checks<HostSide<GraphAsks>>;
