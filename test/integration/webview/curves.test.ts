// The page of curves, under pointer and keys.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { overflows, usePages } from "../../support/webview/pages";

const open = usePages();

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
  // Sizes are told only once sight has been, in the same moment: before anything could be drawn in between.
  const prepare = (page: Page): Promise<unknown> => page.addInitScript(() => {
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
  const { page } = await open("curves", { prepare });
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
  // In a narrow column it has a line of its own.
  await page.setViewportSize({ width: 250, height: 860 });
  const narrow = card.locator(".card-average .card-own", { hasText: "EMA 0.99" });
  await expect.poll(() => narrow.evaluateAll(([one]) => one && one.scrollWidth <= one.clientWidth)).toBe(true);
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
  const { page } = await open("curves", { case: "twelve" });
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
    // The key says how many lines it does not name.
    if (kind === "svg-light") expect(head).toMatch(/>\+ \d more<\/text>/);
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
