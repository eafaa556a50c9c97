// The page of the graph, under pointer and keys.
import { expect, test } from "vitest";
import { overflows, usePages } from "../../support/webview/pages";

const open = usePages();

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
