// The three views as pages in a browser, each with a host in memory, under the content security policy of the real ones.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../../support/vscode/browser";
import { buildHarness, serveHarness } from "../../support/webview/build.mjs";
import { scenes } from "../../support/webview/scenes.mjs";

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
  // Clicks wait until nothing moves, which no test is about but the one that asks for motion.
  const page = await browser.newPage({ viewport: { width, height: 860 }, reducedMotion: "reduce" });
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

test("a tick under the curves leads to the restore sheet in two clicks", async () => {
  const { page } = await open("curves");
  const asked = page.waitForEvent("console", (message) => message.text() === "restore model-9000");
  await page.locator(".card .tick[data-prefix='model-9000']").first().click();
  // Every chart tells its values there meanwhile.
  for (const card of await page.locator(".card").all()) await card.locator(".card-values", { hasText: "at step 9,000" }).waitFor();
  await page.locator(".popover [data-action='restore']").click();
  await asked;
  await page.close();
});

test("marks under the curves are those of the run that was chosen in the legend, in its colour", async () => {
  const { page } = await open("curves", { case: "two" });
  const color = (): Promise<string> => page.locator(".tick .mark-newest").first().evaluate((mark) => getComputedStyle(mark).fill);
  const own = await color();
  await page.locator(".legend-run").nth(1).press("Enter");
  await expect.poll(color).not.toBe(own);
  await page.close();
});

test("a chart whose width becomes known just after it came into sight is drawn", async () => {
  const page = await browser.newPage({ viewport: { width: 1240, height: 860 } });
  // Sizes are told only once sight has been, in the same moment: before anything could be drawn in between.
  await page.addInitScript(() => {
    const held: (() => void)[] = [];
    let told = false;
    window.ResizeObserver = class extends ResizeObserver {
      constructor(changed: ResizeObserverCallback) {
        super((entries, observer) => (told ? changed(entries, observer) : held.push(() => changed(entries, observer))));
      }
    };
    window.IntersectionObserver = class extends IntersectionObserver {
      constructor(changed: IntersectionObserverCallback, options?: IntersectionObserverInit) {
        super((entries, observer) => {
          changed(entries, observer);
          if (!entries.some(({ target }) => target.classList.contains("card"))) return;
          told = true;
          for (const one of held.splice(0)) one();
        }, options);
      }
    };
  });
  await page.goto(`${harness.address}/curves?theme=dark&case=usual`);
  await page.locator(".card-foot", { hasText: "points drawn" }).first().waitFor();
  await page.close();
});

test("keys walk a curve and say where they are", async () => {
  const { page } = await open("curves");
  const card = page.locator(".card").first();
  await card.focus();
  for (const key of ["Home", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await card.locator(".card-point", { hasText: "step 1,500 of 12,400" }).waitFor();
  // A box from there to the next mark, as high as the curve between them and a little more.
  await card.press("b");
  await card.press("Shift+ArrowRight");
  await card.locator(".card-point", { hasText: /^Box: step 1,500 to 3,000, values/ }).waitFor();
  const said = await card.locator(".card-point").innerText();
  await card.press("ArrowUp");
  await expect.poll(() => card.locator(".card-point").innerText()).not.toBe(said);
  await card.press("Enter");
  await page.locator(".legend-range", { hasText: "step 1,500–3,000" }).waitFor();
  await card.press("0");
  await page.locator(".legend-range").waitFor({ state: "detached" });
  await page.close();
});

test("keys that follow a zoom at once walk what it leads to", async () => {
  const { page } = await open("curves");
  await page.locator(".card").first().focus();
  await page.evaluate(() => {
    const card = document.activeElement;
    for (const key of ["+", "+", "Home"]) card?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  });
  await page.locator(".card-point", { hasText: /step 3,12\d of 12,400/ }).waitFor();
  await page.close();
});

test("a weight that is being typed stays typed while points come, and what is no weight is put back", async () => {
  const { page } = await open("curves", { case: "live" });
  const weight = page.locator("[data-action='weight'] input");
  const foot = page.locator(".card-foot").nth(2);
  await weight.fill("0.6");
  const before = await foot.innerText();
  await expect.poll(() => foot.innerText()).not.toBe(before);
  await weight.press("Enter");
  await page.locator("[data-action='smoothing'][aria-valuetext^='weight 0.60']").waitFor();
  await weight.fill("much");
  await weight.press("Enter");
  await expect.poll(() => weight.inputValue()).toBe("0.60");
  await page.close();
});

test("nothing of the curves' controls and words lies beyond an edge, however narrow the page", async () => {
  const { page } = await open("curves", { case: "compare" });
  await page.locator("[data-action='filter'] input").fill("loss");
  for (const width of [560, 440, 420, 250]) {
    await page.setViewportSize({ width, height: 860 });
    const beyond = (): Promise<string[]> => page.locator(".toolbar > *, .legend > *, .card-foot *").evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().right > window.innerWidth || one.scrollWidth > one.clientWidth + 1 && one.matches("span")).map((one) => one.outerHTML.slice(0, 200)));
    await expect.poll(beyond, { message: `at ${width} pixels` }).toEqual([]);
    expect(await overflows(page)).toBe(false);
  }
  await page.close();
});

describe("a zoom", () => {
  const range = (page: Page): Promise<string> => page.locator(".legend-range").innerText();

  test("by dragging is that of all charts, and a double click fits again", async () => {
    const { page } = await open("curves");
    const box = await page.locator(".plot").first().boundingBox();
    if (!box) throw new Error("the plot has a box");
    await page.mouse.move(box.x + 150, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 90, { steps: 4 });
    await page.mouse.up();
    await page.locator(".legend-range").waitFor();
    await page.locator(".card").nth(1).locator(".card-foot", { hasText: /of \d,\d{3} points drawn/ }).waitFor();
    expect(await range(page)).toMatch(/^step [\d,]+–[\d,]+ of 12,400/);
    await page.locator(".plot").nth(1).dblclick({ position: { x: 200, y: 90 } });
    await page.locator(".legend-range").waitFor({ state: "detached" });
    await page.close();
  });
  test("by wheel and keys changes its range, and 0 fits again", async () => {
    const { page } = await open("curves");
    const plot = page.locator(".plot").first();
    await plot.hover({ position: { x: 250, y: 90 } });
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    await page.locator(".legend-range").waitFor();
    const wheeled = await range(page);
    await page.locator(".card").first().focus();
    await page.keyboard.press("+");
    await expect.poll(() => range(page)).not.toBe(wheeled);
    await page.keyboard.press("0");
    await page.locator(".legend-range").waitFor({ state: "detached" });
    await page.close();
  });
});

test("a hover tells the exact values of every run at one step, a click keeps them, and they can be copied", async () => {
  const { page } = await open("curves", { case: "two" });
  const plot = page.locator(".card").nth(1).locator(".plot");
  await plot.hover({ position: { x: 120, y: 90 } });
  await page.locator(".tooltip .readout-head", { hasText: /^step [\d,]+ · \d\d:\d\d:\d\d/ }).waitFor();
  expect(await page.locator(".tooltip .readout-row").count()).toBe(2);
  await plot.click({ position: { x: 120, y: 90 } });
  await page.locator(".tooltip-pinned [data-action='copyReadout']").click();
  const copied = await page.evaluate(() => String((globalThis as { copiedText?: string }).copiedText));
  expect(copied.split("\n").map((line) => line.split("\t")[0])).toEqual(["run", expect.stringMatching(/^pix2pix/), expect.stringMatching(/^pix2pix/)]);
  expect(copied).toMatch(/\tnearest_checkpoint\n.*\tmodel-\d+\n/);
  // By keys the same: pinned, moved, and left for the point that the keys stood on. The pointer is no part of it.
  await page.mouse.move(0, 0);
  const card = page.locator(".card").nth(1);
  await card.press("Escape");
  await page.locator(".tooltip").waitFor({ state: "detached" });
  await card.press("Home");
  await card.press("Enter");
  const handle = page.locator(".tooltip-pinned [data-action='moveReadout']");
  await handle.waitFor();
  await card.press("Tab");
  await expect.poll(() => handle.evaluate((button) => button === document.activeElement)).toBe(true);
  const left = (): Promise<number> => page.locator(".tooltip").evaluate((box) => (box as HTMLElement).offsetLeft);
  const before = await left();
  await handle.press("Shift+ArrowRight");
  await expect.poll(left).toBe(before + 40);
  await handle.press("Escape");
  await page.locator(".tooltip").waitFor({ state: "detached" });
  await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.close();
});

test("an average that starts at 0 is named, and corrected on request", async () => {
  const { page } = await open("curves", { case: "average" });
  const card = page.locator(".card[data-chart='generator_loss_L1']");
  await card.locator(".card-own", { hasText: "EMA 0.99, starts at 0" }).waitFor();
  await card.locator("[data-action='correct']").click();
  await card.locator(".card-own", { hasText: "EMA 0.99, corrected" }).waitFor();
  await page.close();
});

test("one chart is drawn into another by its menu, all by keyboard, and taken apart again", async () => {
  const { page } = await open("curves");
  await page.locator(".card").nth(1).focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Draw With generator_loss_GAN" }).press("Enter");
  const merged = page.locator(".card").first();
  await expect.poll(() => merged.locator("h3").innerText()).toBe("generator_loss_GAN + generator_loss_L1");
  await merged.focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Take Apart" }).press("Enter");
  await expect.poll(() => page.locator(".card").first().locator("h3").innerText()).toBe("generator_loss_GAN");
  await page.locator(".card").nth(2).focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Draw With…" }).press("Enter");
  await expect.poll(() => page.locator(".card").first().locator("h3").innerText()).toMatch(/ \+ .* \+ discriminator_loss_1$/);
  await page.close();
});

test("a chart is saved as a picture of its own, text of hostile tags and all", async () => {
  const { page } = await open("curves");
  for (const [kind, begins] of [["svg-light", "<svg"], ["png-dark", "\x89PNG"]] as const) {
    await page.locator(".card").first().focus();
    await page.keyboard.press("Shift+F10");
    await page.locator(`.menu [data-action='${kind}']`).press("Enter");
    await page.locator(".notice-text", { hasText: `Wrote the picture as ${kind.slice(0, 3)}` }).waitFor();
    const head = await page.evaluate(() => {
      const { savedImage } = globalThis as { savedImage?: { text?: string; bytes?: Uint8Array } };
      return savedImage?.text ?? String.fromCharCode(...(savedImage?.bytes ?? []).slice(0, 8));
    });
    expect(head.startsWith(begins)).toBe(true);
    if (kind === "svg-light") expect(head).toContain(">generator_loss_GAN</text>");
  }
  await page.close();
});

test("a table compares runs with a baseline and sorts by a click", async () => {
  const { page } = await open("curves", { case: "compare" });
  const names = page.locator(".summary tbody .run-name");
  await page.locator(".summary").scrollIntoViewIfNeeded();
  await page.locator(".summary td", { hasText: "%" }).first().waitFor();
  expect(await names.first().innerText()).toContain("pix2pix-5");
  await page.locator(".sort", { hasText: "Smoothed" }).nth(1).click();
  await page.locator(".summary th[aria-sort='ascending']").waitFor();
  expect(await names.first().innerText()).toContain("pix2pix-5");
  const rows = await names.count();
  await page.locator(".group-toggle[aria-expanded='true']").press("Enter");
  await expect.poll(() => names.count()).toBe(rows - 5);
  await page.locator(".group-toggle[aria-expanded='false']").press("Enter");
  await expect.poll(() => names.count()).toBe(rows);
  // A filter finds runs too: one of a group is drawn by itself.
  await page.locator("[data-action='filter'] input").fill("seed-2 L1");
  await expect.poll(() => page.locator(".legend-run .cut:not(.secondary)").allInnerTexts()).toEqual(["lr-2e-4/seed-2"]);
  expect(await page.locator(".card").count()).toBe(1);
  await page.close();
});

test("what a run is doing is said in words", async () => {
  for (const [which, words] of [
    ["loading", "Reading pix2pix-7 · 18.2 of 96.4 MB"], ["stale", "no event for 6 min"], ["damaged", "1 record skipped at byte 4,096 of events.out.tfevents.1795318574.host"],
    ["failed", "The run failed: generator_loss is NaN at step 12,400."], ["gone", "pix2pix-6 is not there any more"],
  ] as const) {
    const { page } = await open("curves", { case: which });
    await page.locator(".notice-text, .blank-title", { hasText: words }).waitFor();
    await page.close();
  }
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
  await page.locator(".notice", { hasText: "2 checkpoints are back." }).waitFor();
  await expect.poll(() => rows.count()).toBe(before);
  await page.close();
});

test("of ten thousand variables only those in sight are drawn, and keys reach the last one", async () => {
  const { page, problems } = await open("checkpoints", { case: "many" });
  const rows = page.locator(".variables tbody tr[data-row]");
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(100);
  await rows.first().focus();
  await page.keyboard.press("End");
  await page.locator(".variables tr[title='table_9999']:focus").waitFor();
  await page.keyboard.press("PageUp");
  expect(await page.locator(".variables tr:focus").getAttribute("title")).toMatch(/^table_99\d\d$/);
  expect(problems).toEqual([]);
  await page.close();
});

test("the tree of variables opens and folds by keys, and a variable is exported from its row", async () => {
  const { page } = await open("checkpoints");
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.locator(".variables tr.scope").first().focus();
  for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
  const name = await page.locator(".variables tr:focus").getAttribute("title");
  await page.keyboard.press("ArrowRight");
  await page.locator("[data-action='showValues']:focus").press("ArrowRight");
  await page.locator("[data-action='showInGraph']:focus").press("ArrowRight");
  await page.locator("[data-action='exportVariable']:focus").press("Enter");
  expect(said).toContain(`exportVariables ${JSON.stringify({ prefix: "model-12000", name })}`);
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
  expect(await page.locator(".variables tr:focus").getAttribute("aria-expanded")).toBe("true");
  await page.keyboard.press("ArrowLeft");
  expect(await page.locator(".variables tr:focus").getAttribute("aria-expanded")).toBe("false");
  await page.close();
});

test("the values of a variable are a heat map: the cell under keys is read out, another index is another slice, Escape leads back", async () => {
  const { page, problems } = await open("checkpoints");
  await scenes.values(page);
  expect(await page.locator(".cell-words").innerText()).toMatch(/^\[0, 0, 1, 1\] −?0\.\d+$/);
  await page.locator("[data-action='axis0'] input").press("ArrowUp");
  await page.locator(".values-map").focus();
  await page.locator(".cell-words").getByText("[1, 0, 1, 1]").waitFor();
  await page.keyboard.press("Home");
  await page.locator(".cell-words").getByText("[1, 0, 1, 0]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".variables tr:focus").waitFor();
  expect(problems).toEqual([]);
  await page.close();
});

test("a comparison stands in a tab of its own, with figures of both and their histograms laid over each other", async () => {
  const { page, problems } = await open("compare");
  await scenes.compared(page);
  await page.locator(".overlay").first().waitFor();
  expect(await page.locator(".changed-table th").allInnerTexts()).toEqual(["Variable", "Shape", "11,500, mean ± std", "12,000, mean ± std", "11,500 filled, 12,000 line", "Relative change"]);
  expect(await page.locator(".changed-table tbody .pair-column").first().innerText()).toMatch(/ ± /);
  const asked: string[] = [];
  page.on("console", (message) => asked.push(message.text()));
  for (const name of ["Restore step 11,500…", "Export step 12,000…", "Restore Step 11,000…"]) await page.getByRole("button", { name }).or(page.getByRole("link", { name })).click();
  await expect.poll(() => asked).toEqual(['command {"id":"restoreCheckpoint","prefix":"model-11500"}', 'exportVariables {"prefix":"model-12000"}', 'command {"id":"restoreCheckpoint","prefix":"model-11000"}']);
  expect(problems).toEqual([]);
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

test("a restore says how much it has read, and Escape calls it off", async () => {
  const { page } = await open("checkpoints", { case: "slow" });
  await page.locator("tr[data-prefix='model-8000']").click();
  await page.locator("tr[data-prefix='model-8000'] [data-action='restore']").click();
  await page.locator("[data-action='confirmRestore']:not([disabled])").click();
  await page.locator(".sheet", { hasText: "Reading: 21.0 MB of 48.4 MB" }).waitFor();
  expect(await page.locator(".sheet [role='progressbar']").getAttribute("aria-valuenow")).toBe("43");
  await page.keyboard.press("Escape");
  await page.locator(".notice", { hasText: "was cancelled: pix2pix-7 is as it was" }).waitFor();
  expect(await page.locator(".sheet").count()).toBe(0);
  await page.close();
});

describe("the keys' focus in the checkpoint browser", () => {
  /** What has the focus: a checkpoint's row, or the words of what it is. */
  const focused = (page: Page): Promise<string> => page.evaluate(() => {
    const { activeElement: active } = document;
    return active instanceof HTMLElement ? (active.dataset.prefix ?? active.dataset.action ?? (active.id === "" ? active.tagName : active.id)) : "none";
  });
  const row = (page: Page, prefix: string): Locator => page.locator(`.checkpoints tr[data-prefix='${prefix}']`);
  const becomes = async (page: Page, wanted: string): Promise<void> => {
    await expect.poll(() => focused(page)).toBe(wanted);
    await page.locator(".sheet").waitFor({ state: "detached" });
  };
  const openRestore = async (page: Page): Promise<void> => {
    await row(page, "model-8000").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.locator("[data-action='confirmRestore']:not([disabled])").waitFor();
    expect(await focused(page)).toBe("sheet-title");
  };

  test("is on the selected row as the page opens, and comes back to the row that a sheet was opened from", async () => {
    const { page } = await open("checkpoints");
    await becomes(page, "model-12000");
    // Into the row's buttons and back, and out of the strip.
    for (const [key, to] of [["ArrowRight", "restore"], ["ArrowRight", "compareOne"], ["ArrowLeft", "restore"], ["ArrowLeft", "model-12000"]] as const) {
      await page.keyboard.press(key);
      await becomes(page, to);
    }
    await page.locator(".strip").press("Escape");
    await becomes(page, "model-12000");
    for (const leave of [
      () => page.keyboard.press("Escape"), () => page.locator("[data-action='cancel']").press("Enter"), () => page.locator("[data-action='confirmRestore']").press("Enter"),
      () => page.locator(".scrim").click({ position: { x: 4, y: 4 } }),
      async () => {
        await page.locator("[data-action='branch']").press("Space");
        await page.locator("[data-action='confirmRestore']", { hasText: "Branch" }).press("Enter");
      },
    ]) {
      await openRestore(page);
      await leave();
      await becomes(page, "model-8000");
    }
    await page.close();
  });

  test("stays in a sheet whose act failed, and then goes back to the row", async () => {
    const { page } = await open("checkpoints", { case: "failing" });
    await openRestore(page);
    await page.locator("[data-action='confirmRestore']").press("Enter");
    await page.locator(".sheet", { hasText: "The disk is full: nothing was changed." }).waitFor();
    expect(await focused(page)).toBe("sheet-title");
    await page.keyboard.press("Escape");
    await becomes(page, "model-8000");
    await page.close();
  });

  test("goes on to the next row when its own is deleted by the rule or pruned, and to the selected row after Undo and Empty Trash", async () => {
    const { page } = await open("checkpoints", { width: 340 });
    await row(page, "model-9000").click();
    await page.evaluate(() => (globalThis as unknown as { deleteAsTheRule(prefix: string): void }).deleteAsTheRule("model-9000"));
    await row(page, "model-9000").waitFor({ state: "detached" });
    await becomes(page, "model-8740");
    await page.locator("[data-action='pruneOne']").press("Enter");
    await page.locator("[data-action='confirmPrune']:not([disabled])").press("Enter");
    await row(page, "model-8740").waitFor({ state: "detached" });
    await becomes(page, "model-8500");
    await page.locator("[data-action='undo']").press("Enter");
    await row(page, "model-8740").waitFor();
    await becomes(page, "model-8500");
    await page.locator("[data-action='emptyTrash']").first().press("Enter");
    await page.locator(".notice", { hasText: "The trash is empty." }).waitFor();
    await becomes(page, "model-8500");
    await page.setViewportSize({ width: 1240, height: 860 });
    await page.locator(".checkpoints:not(.narrow)").waitFor();
    await becomes(page, "model-8500");
    await page.close();
  });
});

test("keys alone find a box, open it, walk into it, draw a path, close the card and show the tree", async () => {
  const { page } = await open("graph");
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("/");
  await page.keyboard.type("generator");
  await page.locator(".result").first().waitFor();
  await press("Enter");
  await page.locator(".canvas svg:focus [data-name='generator'].selected").waitFor();
  await press("Enter");
  await page.locator("[data-name='generator/decoder_1']").waitFor();
  await press("ArrowDown");
  await page.locator("[data-name='generator/decoder_1'].selected").waitFor();
  await press("Alt+ArrowRight");
  expect(await page.locator(".canvas [role='status']").innerText()).toMatch(/^to generator, .*, edge 1 of 1$/);
  await press("Escape", "ArrowUp");
  await page.locator("[data-name='batch'].selected").waitFor();
  await press("p", "ArrowUp", "p");
  await page.locator(".path-line .link").first().waitFor();
  await page.locator(".card header button").focus();
  await press("Enter");
  await page.locator(".card").waitFor({ state: "detached" });
  await press("Home", "t");
  await page.locator(".tree:focus .tree-row[data-name='load_images'].selected").waitFor();
  await press("t");
  await page.locator(".canvas svg:focus").waitFor();
  await page.close();
});

test("a search that fails says why and can be made again, and after a drawing that failed the page goes on", async () => {
  const { page } = await open("graph", { case: "failing" });
  const field = page.locator("[data-action='search'] input");
  await field.fill("encoder_2 batch");
  await page.locator(".results", { hasText: "The reader ended with code 1." }).waitFor();
  await page.locator("[data-action='searchAgain']").click();
  await page.locator(".result").first().waitFor();
  // Longer than any name that an editor or a shell bears.
  await field.fill("n".repeat(10_000));
  await page.locator(".results", { hasText: "0 matches" }).waitFor();
  await field.press("Escape");
  await page.locator("[data-name='generator']").click({ position: { x: 60, y: 12 } });
  await page.locator(".blank-title", { hasText: "The graph could not be drawn." }).waitFor();
  await page.evaluate(() => (globalThis as unknown as { tellGraph: { graphChanged(argument: object): void } }).tellGraph.graphChanged({}));
  await page.locator("[data-name='generator'].selected").waitFor();
  await page.locator(".card .card-section dl").first().waitFor();
  await page.close();
});

test("a graph made to do harm is drawn, searched and walked, and says what is odd", async () => {
  const { page, problems } = await open("graph", { case: "odd" });
  page.on("dialog", (dialog) => problems.push(dialog.message()));
  await page.locator("[data-action='odd']").click();
  const said = await page.locator(".odd p").allTextContents();
  for (const words of [/feeds itself/, /does not hold/, /name of an earlier one/, /no name/, /the longest 10,000/, /not seen/, /the deepest 500/]) expect(said.some((sentence) => words.test(sentence)), String(words)).toBe(true);
  await page.keyboard.press("Escape");
  await page.locator(".odd-list").waitFor({ state: "detached" });
  const field = page.locator("[data-action='search'] input");
  // The leaf last: with 500 scopes open, each drawing after it takes its time.
  for (const [text, label] of [["onerror", "<img src=x onerror=alert(1)>"], ["gnp.exe", "rtl\u202egnp.exe\u0007"], ["__proto__", "__proto__"], ["leaf", "leaf"]] as const) {
    await field.fill(text);
    await page.locator(".result").first().waitFor();
    await field.press("Enter");
    await page.locator(".card h2", { hasText: label }).waitFor();
  }
  expect(await page.locator("img").count()).toBe(0);
  expect(problems).toEqual([]);
  expect(await overflows(page)).toBe(false);
  await page.close();
});

test("a scope opens in place, by mouse and by key, with motion for who wants it, and search reveals what is inside", async () => {
  const { page } = await open("graph");
  await page.evaluate(() => {
    const { animate } = Element.prototype;
    Element.prototype.animate = function (...how) {
      document.body.dataset["moved"] = String(Number(document.body.dataset["moved"] ?? 0) + 1);
      return animate.apply(this, how);
    };
  });
  const moved = (): Promise<number> => page.evaluate(() => Number(document.body.dataset["moved"] ?? 0));
  await page.locator("[data-name='generator'] .chevron").click();
  await page.locator("[data-name='generator/encoder_1']").waitFor();
  expect(await moved()).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.locator("[data-name='generator']").click({ position: { x: 60, y: 12 } });
  await page.keyboard.press("Enter");
  await page.locator("[data-name='generator/encoder_1']").waitFor({ state: "detached" });
  await page.locator("[data-name='generator']:not(.open)").waitFor();
  expect(await moved()).toBeGreaterThan(0);
  await page.locator("[data-action='search'] input").fill("encoder_2 batch");
  await page.getByRole("button", { name: /^generator\/encoder_2\/batch_normalization \d/ }).click();
  await page.locator("[data-name='generator/encoder_2/batch_normalization'].selected").waitFor();
  await page.close();
});
