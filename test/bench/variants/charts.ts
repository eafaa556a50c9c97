// Charts in a browser of their own: each turn starts one, with an empty page and one chart.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { launchBrowser } from "../../support/vscode/browser";
import type { ChartName } from "../charts/chartPage";
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
    const sum = await page.evaluate(([name, lines, points]) => window.chartBench.prepare(name, lines, points), [charts.chart, charts.lines, count] as const);
    // What making the columns left behind is nobody's.
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const first = await page.evaluate(() => window.chartBench.first());
    return { value: charts.what === "first" ? first / 1000 : await afterFirst(charts.what, page, session), result: String(sum) };
  } finally {
    await browser.close();
  }
}

async function afterFirst(what: Exclude<ChartArguments["what"], "first" | "difference">, page: Page, session: CDPSession): Promise<number> {
  if (what === "heap") return heapOf(session);
  const { script, raster } = await page.evaluate(() => window.chartBench.steps());
  return median(what === "step" ? script : raster) / 1000;
}

/** Objects and the arrays' memory behind them, after a collection. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize } = (await session.send("Runtime.getHeapUsage")) as { usedSize: number; backingStorageSize?: number };
  return usedSize + (backingStorageSize ?? 0);
}
