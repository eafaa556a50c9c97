// Charts in a browser of their own: each turn starts one, with an empty page and one chart.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../support/vscode/browser";
import type { ChartName, ChartTimes } from "../charts/chartPage";
import { median, type Measured, type VariantArguments } from "../measured";

/** Which chart, and of what the measure is. */
export interface ChartArguments {
  readonly chart: ChartName;
  readonly lines: number;
  readonly what: "first" | "step" | "stepWithRaster" | "heap" | "difference";
}

const pageProgram = join(import.meta.dirname, "chartPage.js");

/** Seconds, bytes or a share, as `what` says; the result is the sum of all values, which no chart may change. */
export async function chart({ count, charts }: VariantArguments): Promise<Measured> {
  if (!charts) throw new Error("which chart?");
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ locale: "en-US", deviceScaleFactor: 1, viewport: { width: 1280, height: 720 } })).newPage();
    await page.setContent("<!doctype html><body style='margin: 0; background: white'></body>");
    await page.evaluate(readFileSync(pageProgram, "utf8"));
    if (charts.what === "difference") {
      return { value: await page.evaluate(([name, points]) => window.chartBench.difference(name, points), [charts.chart, count] as const), result: "" };
    }
    const times = await page.evaluate(([name, lines, points]) => window.chartBench.measure(name, lines, points), [charts.chart, charts.lines, count] as const);
    return { value: charts.what === "heap" ? await heapOf(page) : valueOf(charts, times), result: String(times.sum) };
  } finally {
    await browser.close();
  }
}

function valueOf({ what }: ChartArguments, { first, steps, stepsWithRaster }: ChartTimes): number {
  return (what === "first" ? first : median(what === "step" ? steps : stepsWithRaster)) / 1000;
}

/** Objects and the arrays' memory behind them, after a collection. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize } = (await session.send("Runtime.getHeapUsage")) as { usedSize: number; backingStorageSize?: number };
  return usedSize + (backingStorageSize ?? 0);
}
