// The checkpoint browser and what it leads to, under pointer and keys.
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { usePages } from "../../support/webview/pages";
import { scenes } from "../../support/webview/scenes.mjs";

const open = usePages();

test("a prune moves exactly what is ticked, and Undo brings it back", async () => {
  const { page } = await open("checkpoints");
  const rows = page.locator(".checkpoints tr[data-prefix]");
  const before = await rows.count();
  await page.locator("[data-action='prune']").click();
  await page.locator(".sheet tr[data-prefix='model-8500'] [data-action], .sheet tr[data-prefix='model-8500'] .checkbox").first().click();
  await page.locator("[data-action='confirmPrune']", { hasText: "Move 2 checkpoints to trash (79.9 MB)" }).click();
  await expect.poll(() => rows.count()).toBe(before - 2);
  const inTrash = page.locator(".trash-rows tr[data-trash]");
  await expect.poll(() => inTrash.count()).toBe(6);
  expect(await inTrash.first().innerText()).toMatch(/8,740.*In trash since .*Stays there until you empty the trash/s);
  await page.locator(".trash-rows [data-action='bringBack']").last().press("Enter");
  await page.locator(".notice", { hasText: "4 checkpoints are back." }).waitFor();
  await expect.poll(() => inTrash.count()).toBe(2);
  await page.locator("[data-action='undoPrune']").click();
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

test("a sheet for a branch speaks of the new run: of what it begins anew, and in its title", async () => {
  const { page } = await open("checkpoints");
  await scenes.restore(page);
  await page.locator(".sheet", { hasText: "Go on from where they are" }).waitFor();
  await page.locator("[data-action='branch']").click();
  await page.locator(".sheet", { hasText: "Begin anew" }).waitFor();
  expect(await page.locator("#sheet-title").innerText()).toBe("Branch from step 8,000 of pix2pix-7");
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
