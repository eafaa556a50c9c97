// The three views as pages in a browser, each with a host in memory, under the content security policy of the real ones.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../../support/vscode/browser";
import { buildHarness, serveHarness } from "../../support/webview/build.mjs";

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

interface Wish {
  readonly case?: string;
  readonly theme?: string;
  readonly width?: number;
}

/** Opens a view and waits until it shows what it was told. `problems` collects what the page complains about. */
async function open(view: string, { case: which = "usual", theme = "dark", width = 1240 }: Wish = {}): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 860 } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // One empty style attribute of the toolkit is refused, which changes nothing.
    const known = message.text().includes("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") || message.location().url.endsWith("favicon.ico");
    if (message.type() === "error" && !known) problems.push(message.text());
  });
  await page.goto(`${harness.address}/${view}?theme=${theme}&case=${which}`);
  await page.locator("#root[data-ready='true']").waitFor();
  return { page, problems };
}

const overflows = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

describe.each(["curves", "graph", "checkpoints"])("the %s page", (view) => {
  test.each([["dark", 1240], ["hc", 340], ["hc-light", 250], ["light", 700]] as const)("is drawn in %s at %d pixels without a complaint", async (theme, width) => {
    const { page, problems } = await open(view, { theme, width });
    expect(problems).toEqual([]);
    expect(await overflows(page)).toBe(false);
    await page.close();
  });
  test("says in words that there is nothing yet", async () => {
    const { page, problems } = await open(view, { case: "empty" });
    await page.locator(".blank-title").waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });
});

test("a tick under the curves leads to a restore in two clicks", async () => {
  const { page } = await open("curves");
  const asked = page.waitForEvent("console", (message) => message.text() === "restore model-9000");
  await page.locator(".card .tick[data-prefix='model-9000']").first().click();
  await page.locator(".popover [data-action='restore']").click();
  await asked;
  await page.close();
});

test("keys walk a curve and say where they are", async () => {
  const { page } = await open("curves");
  const card = page.locator(".card").first();
  await card.focus();
  for (const key of ["Home", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await card.locator(".card-point", { hasText: "step 1,500 of 12,400" }).waitFor();
  await page.close();
});

test("a prune moves exactly what is ticked, and Undo brings it back", async () => {
  const { page } = await open("checkpoints");
  const rows = page.locator(".checkpoints tbody tr");
  const before = await rows.count();
  await page.locator("[data-action='prune']").click();
  await page.locator(".sheet tr[data-prefix='model-8500'] [data-action], .sheet tr[data-prefix='model-8500'] .checkbox").first().click();
  await page.locator("[data-action='confirmPrune']", { hasText: "Move 2 checkpoints to trash (79.9 MB)" }).click();
  await expect.poll(() => rows.count()).toBe(before - 2);
  await page.locator("[data-action='undo']").click();
  await expect.poll(() => rows.count()).toBe(before);
  await page.close();
});

test("a restore that would fail is off, with the reason beside it", async () => {
  const { page } = await open("checkpoints", { case: "misfit" });
  await page.locator("tr[data-prefix='model-8000']").click();
  await page.locator("tr[data-prefix='model-8000'] [data-action='restore']").click();
  await page.locator(".sheet", { hasText: "A strict restore would fail" }).waitFor();
  expect(await page.locator("[data-action='confirmRestore']").getAttribute("disabled")).not.toBeNull();
  await page.keyboard.press("Escape");
  await page.locator(".sheet").waitFor({ state: "detached" });
  await page.close();
});

test("a scope opens in place, by mouse and by key, and search reveals what is inside", async () => {
  const { page } = await open("graph");
  await page.locator("[data-name='generator'] .chevron").click();
  await page.locator("[data-name='generator/encoder_1']").waitFor();
  await page.locator("[data-name='generator']").click({ position: { x: 60, y: 12 } });
  await page.keyboard.press("Enter");
  await page.locator("[data-name='generator/encoder_1']").waitFor({ state: "detached" });
  await page.locator("[data-action='search'] input").fill("encoder_2 batch");
  await page.getByRole("option", { name: /^generator\/encoder_2\/batch_normalization \d/ }).click();
  await page.locator("[data-name='generator/encoder_2/batch_normalization'].selected").waitFor();
  await page.close();
});
