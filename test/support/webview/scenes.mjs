// What a picture waits for or does first, by name.
const pause = (page) => page.waitForTimeout(300);

export const scenes = {
  async hover(page) {
    await page.locator(".card").nth(2).locator(".plot").hover({ position: { x: 220, y: 90 } });
    await pause(page);
  },
  async tick(page) {
    await page.locator(".card .tick[data-prefix='model-9000']").nth(1).click();
    await pause(page);
  },
  async zoom(page) {
    const box = await page.locator(".plot").first().boundingBox();
    await page.mouse.move(box.x + 150, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 90, { steps: 4 });
    await page.mouse.up();
    await pause(page);
  },
  async walk(page) {
    await page.locator(".card").nth(1).focus();
    for (const key of ["ArrowLeft", "ArrowLeft", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    await page.waitForTimeout(500);
  },
  async menu(page) {
    await page.locator(".card").first().hover();
    await page.locator(".card [data-action='cardMenu']").first().click();
    await pause(page);
  },
  async pinned(page) {
    const plot = page.locator(".card").nth(1).locator(".plot");
    await plot.hover({ position: { x: 220, y: 90 } });
    await page.waitForTimeout(300);
    await plot.click({ position: { x: 220, y: 90 } });
    await pause(page);
  },
  async box(page) {
    await page.locator(".card").nth(1).focus();
    for (const key of ["Home", "Shift+ArrowRight", "Shift+ArrowRight", "b", "Shift+ArrowRight", "Shift+ArrowRight"]) await page.keyboard.press(key);
    await page.locator(".card-point", { hasText: /^Box: / }).waitFor();
  },
  async moved(page) {
    await page.locator(".card").nth(1).focus();
    for (const key of ["Home", "Enter", "Tab"]) await page.keyboard.press(key);
    for (const key of ["ArrowDown", "Shift+ArrowRight"]) await page.keyboard.press(key);
    await pause(page);
  },
  async summary(page) {
    await page.locator(".summary").scrollIntoViewIfNeeded();
    await page.waitForTimeout(900);
  },
  async legend(page) {
    await page.locator(".legend-run").nth(1).hover();
    await page.waitForTimeout(500);
  },
  async corrected(page) {
    await page.locator("[data-action='correct']").first().click();
    await page.waitForTimeout(500);
  },
  async merged(page) {
    await page.locator(".card").nth(1).hover();
    await page.locator(".card [data-action='cardMenu']").nth(1).click();
    await page.locator("[data-action='merge']").click();
    await page.waitForTimeout(600);
  },
  async wall(page) {
    await page.locator("[data-action='xAxis']").click();
    await page.getByRole("menuitemcheckbox", { name: "Wall clock" }).click();
    await page.waitForTimeout(900);
  },
  async alive(page) {
    await page.locator("[data-action='by-time']").click();
    await page.locator("[data-action='show-broken']").click();
    await page.waitForTimeout(800);
  },
  async restore(page) {
    await page.locator("tr[data-prefix='model-8000']").click();
    await page.locator("tr[data-prefix='model-8000'] [data-action='restore']").click();
    await pause(page);
  },
  async restoring(page) {
    await scenes.restore(page);
    await page.locator("[data-action='confirmRestore']").click();
    await pause(page);
  },
  async partial(page) {
    await scenes.restore(page);
    await page.locator("[data-action='renames']").click();
    await pause(page);
  },
  async best(page) {
    await page.locator("tr[data-prefix='model-10500']").click();
    await pause(page);
  },
  async ghost(page) {
    await page.locator(".strip [role='option'].coming").nth(2).hover();
    await pause(page);
  },
  async marks(page) {
    await page.locator("[data-mark='hourMark']").click();
    await page.locator(".strip").focus();
    for (const key of ["+", "+"]) await page.keyboard.press(key);
    await pause(page);
  },
  async simulate(page) {
    await page.locator("[data-action='maxToKeep'] input").fill("3");
    await pause(page);
  },
  async prune(page) {
    await scenes.simulate(page);
    await page.locator("[data-action='prune']").click();
    await pause(page);
  },
  async pruned(page) {
    await scenes.prune(page);
    await page.locator("tbody tr[data-prefix='model-8500'] [data-action]").last().click({ timeout: 1000 }).catch(() => undefined);
    await page.locator("[data-action='confirmPrune']").click();
    await page.waitForTimeout(800);
  },
  async trash(page) {
    await page.locator(".trash-rows tr").last().scrollIntoViewIfNeeded();
    await page.locator(".trash-rows tr").last().hover();
    await pause(page);
  },
  async compared(page) {
    await page.locator(".heat tbody td").first().waitFor();
    await page.locator(".change-column b").first().waitFor();
    await pause(page);
  },
  async statistics(page) {
    await page.locator("[data-action='statistics']").click();
    await page.locator(".variables .scope-row").nth(1).click();
    await page.locator(".variables .scope-row").nth(2).click();
    await pause(page);
  },
  async values(page) {
    await page.locator("[data-action='searchVariables'] input").fill("encoder_2/conv2d/kernel");
    await page.locator(".variables tr[data-name]").first().dblclick();
    await page.locator(".values-map").focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    await pause(page);
  },
  // Found in a wide page, which is made narrow then.
  async narrowValues(page) {
    const size = page.viewportSize();
    await page.setViewportSize({ width: 1240, height: size.height });
    await scenes.values(page);
    await page.setViewportSize(size);
    await page.locator(".details.folded [aria-label='Variables']").click();
    await pause(page);
  },
  async branch(page) {
    await scenes.restore(page);
    await page.locator("[data-action='branch']").click();
    await page.locator("[data-action='branchName'] input").waitFor();
    await pause(page);
  },
  async generator(page) {
    await page.locator("[data-name='generator'] .chevron").first().click();
    await page.waitForTimeout(600);
  },
  async encoder(page) {
    await scenes.generator(page);
    await page.locator("[data-name='generator/encoder_2'] .chevron").first().click();
    await page.waitForTimeout(600);
    for (const inner of ["lrelu", "conv2d", "batch_normalization"]) {
      // The level grows: what was in view may have gone below it, and a person would scroll.
      await page.locator(`[data-name='generator/encoder_2/${inner}'] .chevron`).first().dispatchEvent("click");
      await page.waitForTimeout(500);
    }
    await page.locator("[data-name='generator/encoder_2/conv2d/Conv2D']").first().click();
    await page.waitForTimeout(400);
  },
  async select(page) {
    await page.locator("[data-name='generator']").first().click();
    await pause(page);
  },
  async conv(page) {
    await scenes.encoder(page);
    await page.locator("[data-section='variables'] dl").waitFor();
    await pause(page);
  },
  async treeRow(page) {
    await page.locator(".tree-row[data-name='generator']").click();
    await page.locator(".tree-fact [data-action='curves']").waitFor();
  },
  async graphPath(page) {
    await page.locator("[data-name='load_images']").first().click();
    await page.keyboard.press("p");
    await page.locator("[data-name='generator_train']").first().click();
    await page.locator(".path-line .link").first().waitFor();
    await pause(page);
  },
  async search(page) {
    await page.locator("[data-action='search'] input").fill("conv2d");
    await page.waitForTimeout(600);
  },
  async table(page) {
    await page.locator(".card").nth(1).focus();
    await page.keyboard.press("t");
    await pause(page);
  },
};
