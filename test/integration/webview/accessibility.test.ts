// Automated accessibility rules over the pages, in the four kinds of theme and in the states a person meets.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { usePages } from "../../support/webview/pages";
import { scenes } from "../../support/webview/scenes.mjs";

const open = usePages();

/** View, case, scene, width, theme: the usual page in every theme, each other state in one or two. */
const states = [
  ["checkpoints", "usual", undefined, 1240, "dark"], ["checkpoints", "usual", undefined, 1240, "light"], ["checkpoints", "usual", undefined, 1240, "hc"],
  ["checkpoints", "usual", undefined, 1240, "hc-light"], ["checkpoints", "usual", undefined, 340, "dark"], ["checkpoints", "usual", undefined, 340, "hc-light"],
  ["checkpoints", "misfit", "restore", 1240, "light"], ["checkpoints", "usual", "restore", 1240, "hc"], ["checkpoints", "usual", "prune", 1240, "dark"],
  ["checkpoints", "usual", "prune", 1240, "hc-light"], ["checkpoints", "badNewest", undefined, 1240, "light"], ["checkpoints", "untrusted", undefined, 700, "dark"],
  ["checkpoints", "empty", undefined, 1240, "light"], ["compare", "usual", "compared", 1240, "dark"], ["compare", "usual", "compared", 1240, "hc-light"], ["compare", "usual", "compared", 420, "light"],
  ["checkpoints", "usual", "values", 1240, "dark"], ["checkpoints", "usual", "values", 1240, "hc-light"],
  ["checkpoints", "nan", "statistics", 1240, "light"], ["checkpointFile", "usual", undefined, 340, "light"],
  ["curves", "two", "moved", 1240, "dark"], ["curves", "two", undefined, 1240, "light"], ["curves", "two", undefined, 1240, "hc"], ["curves", "two", undefined, 1240, "hc-light"],
  ["curves", "usual", undefined, 250, "hc-light"], ["curves", "compare", "summary", 1240, "light"], ["curves", "usual", "tick", 1240, "light"], ["curves", "usual", "menu", 1240, "dark"],
  ["curves", "average", "walk", 1240, "dark"], ["curves", "damaged", "table", 700, "light"], ["curves", "loading", undefined, 1240, "dark"],
  ["graph", "port", undefined, 1240, "dark"], ["graph", "port", "select", 1240, "light"], ["graph", "port", "select", 1240, "hc"], ["graph", "port", "search", 1240, "hc-light"],
  ["graph", "broken", "alive", 1240, "light"], ["graph", "port", "graphPath", 1240, "dark"], ["graph", "odd", undefined, 700, "dark"], ["graph", "port", "treeRow", 340, "light"],
  ["graph", "empty", undefined, 700, "hc"],
] as const;

test.each(states)("the %s page, %s, %s at %d px in %s breaks no rule", async (view, which, scene, width, theme) => {
  const { page } = await open(view, { case: which, theme, width });
  if (scene) await scenes[scene](page);
  expect(await violations(page)).toEqual([]);
  await page.close();
});

/** Each broken rule with the elements that break it. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations: broken } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }));
  return broken.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map(({ html, any }) => `${html.slice(0, 160)} (${any[0]?.message ?? ""})`).join(" | ")}`);
}
