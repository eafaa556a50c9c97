// Which scalar stands beside the checkpoints, as the person chooses it.
import * as vscode from "vscode";
import type { MetricWish } from "#protocol/readerApi";
import type { PanelParts } from "../panels/panelParts";

/** A choice among the run's scalars, then whether less of it is better; undefined when the person left. */
export async function chooseMetric({ checkpointsOf }: Pick<PanelParts, "checkpointsOf">, dir: string, shown: string | undefined): Promise<MetricWish | undefined> {
  const { metric } = await checkpointsOf(dir).list({ metric: {} });
  if (!metric) return undefined;
  const items = metric.tags.map((tag) => ({ label: tag, ...(tag === shown && { description: "shown now" }) }));
  const tag = await vscode.window.showQuickPick(items, { title: "Metric of the Checkpoints", placeHolder: "Which scalar stands beside each checkpoint" });
  if (!tag) return undefined;
  const better = [{ label: "Lower is better", lower: true }, { label: "Higher is better", lower: false }];
  const guessed = (await checkpointsOf(dir).list({ metric: { tag: tag.label } })).metric?.better;
  const ordered = guessed === "higher" ? [...better].reverse() : better;
  const chosen = await vscode.window.showQuickPick(ordered, { title: tag.label, placeHolder: "Which checkpoint is the best by it" });
  return chosen && { tag: tag.label, lower: chosen.lower };
}
