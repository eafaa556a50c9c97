// Every view as a page: drawn in each theme, wide and narrow, and before there is anything to draw.
import { describe, expect, test } from "vitest";
import { overflows, usePages } from "../../support/webview/pages";

const open = usePages();

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
