// Drawing where there is no page: estimated widths of text, plain numbers, and the levels of a tree opened at once.
import { UserError } from "#base/errors";
import { pathTo } from "#model/scopedName";
import { levelOf } from "../graph/levelOf";
import type { ScopeTree } from "../graph/scopeTree";
import type { Measure, Wording } from "./boxes";
import { mostDrawn } from "./crowded";
import { drawingOf, layoutRequest, type Drawing } from "./drawing";
import { layoutGraph } from "./layout";
import { printSvg } from "./svgText";
import { emptyView, type DiagramView, type NumberWords } from "./view";

const sizes = { name: 13, facts: 11, mono: 11 };
/** Share of the font's size that letters take in common sans-serif fonts, a little generous. */
const shares = { narrow: 0.33, wide: 0.92, capital: 0.7, other: 0.59, mono: 0.61 };

/** Widths as common fonts have them; no font is asked. */
const estimatedMeasure: Measure = (text, style) => {
  if (style === "mono") return text.length * sizes.mono * shares.mono;
  let sum = 0;
  for (const char of text) sum += "ijlt.,:;|!'()[]/ I".includes(char) ? shares.narrow : "mwMW@%".includes(char) ? shares.wide : char >= "A" && char <= "Z" ? shares.capital : shares.other;
  return sum * sizes[style];
};

/** Numbers with commas between thousands, in English. */
export const plainNumbers: NumberWords = {
  count: (count) => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ","),
  counted: (count, one, many) => `${plainNumbers.count(count)} ${count === 1 ? one : many}`,
};

/** Words for a drawing without a page. */
export const plainWording: Wording = { measure: estimatedMeasure, numbers: plainNumbers };

/** What is opened of a tree. */
export interface Opened {
  /** Full names of scopes drawn open; those around them open, too. */
  readonly scopes?: readonly string[];
  /** Opens all scopes that run in each step down to so many levels; 1 is the whole graph's own level. */
  readonly depth?: number;
}

/** A view of a tree with these scopes open. */
export function openedView(tree: ScopeTree, { scopes = [], depth = 1 }: Opened): DiagramView {
  const top = levelOf(tree, "");
  const levels = new Map([["", top]]);
  const expanded = new Set(scopes.flatMap(pathTo));
  let wave = [top];
  for (let level = 1; wave.length > 0; level++) {
    const next = wave.flatMap(({ nodes }) => nodes).filter((node) => (level < depth && node.kind === "scope" && node.aside === undefined) || expanded.has(node.name));
    wave = next.flatMap(({ name }) => (tree.scopes.has(name) && !levels.has(name) ? [levelOf(tree, name)] : [])).filter(({ nodes }) => nodes.length <= mostDrawn);
    for (const opened of wave) {
      levels.set(opened.scope, opened);
      expanded.add(opened.scope);
    }
  }
  return { ...emptyView, levels, expanded };
}

/**
 * A tree as an SVG file's text. Throws UserError where the whole graph's own level has more boxes than can be drawn; deeper levels
 * of that size stay closed.
 */
export function svgOf(tree: ScopeTree, { depth, title }: { readonly depth: number; readonly title: string }): string {
  const view = openedView(tree, { depth });
  const boxes = view.levels.get("")?.nodes.length ?? 0;
  if (boxes > mostDrawn) {
    throw new UserError(`The graph has ${plainNumbers.count(boxes)} boxes outside of scopes; a drawing can hold ${mostDrawn}.`, "Without --svg its scopes are listed.");
  }
  return printSvg(drawWithoutPage(view), { title, numbers: plainNumbers });
}

/** Draws a view in one go. */
export function drawWithoutPage(view: DiagramView, wording: Wording = plainWording): Drawing {
  return drawingOf(view, layoutGraph(layoutRequest(view, wording)), wording);
}
