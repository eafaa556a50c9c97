// The views as pages in a browser, each with a host in memory, under the content security policy of the real ones.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchBrowser } from "../vscode/browser";
import { buildHarness, serveHarness } from "./build.mjs";

export interface Wish {
  readonly case?: string;
  readonly theme?: string;
  readonly width?: number;
  /** What is to be there before the page is. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface OpenPage {
  readonly page: Page;
  /** What the page complains about. */
  readonly problems: readonly string[];
}

/** Starts a browser for a file's tests. The answer opens a view and waits until it shows what it was told. */
export function usePages(): (view: string, wish?: Wish) => Promise<OpenPage> {
  let browser: Browser;
  let harness: Awaited<ReturnType<typeof serveHarness>>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "trainscope-pages-"));
    [browser, harness] = await Promise.all([launchBrowser(), buildHarness(folder).then((out) => serveHarness(out))]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), harness?.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  return async (view, { case: which = "usual", theme = "dark", width = 1240, prepare } = {}) => {
    // Clicks wait until nothing moves, which no test is about but the one that asks for motion.
    const page = await browser.newPage({ viewport: { width, height: 860 }, reducedMotion: "reduce" });
    const problems = problemsOf(page);
    await prepare?.(page);
    await page.goto(`${harness.address}/${view}?theme=${theme}&case=${which}`);
    await page.locator("#root[data-ready='true']").waitFor();
    return { page, problems };
  };
}

function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    // One empty style attribute of the toolkit is refused, which changes nothing.
    const known = message.text().includes("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") || message.location().url.endsWith("favicon.ico");
    if (message.type() === "error" && !known) problems.push(message.text());
  });
  return problems;
}

/** Whether a page is wider than its window. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}
