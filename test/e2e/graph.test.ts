// The graph of a training that goes on, in a real VS Code: badges, keys, its script's lines, what charts and checkpoints say of a box, another run's graph, a drawing on disk.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Editor } from "../support/vscode/editor";
import { killTraining, stepsInOneWindow } from "../support/vscode/steps";
import { until } from "../support/vscode/until";

const samples = join(import.meta.dirname, "..", "..", "samples");
const small = "--size 32 --ngf 4 --ndf 4 --max_steps 1000000 --save_freq 100 --scalar_freq 1 --summary_freq 100000 --display_freq 0";

let editor: Editor;
let runDir: string;
let graph: Frame;

beforeAll(async () => {
  editor = await Editor.open({ workspace: samples });
  runDir = join(editor.workspace, "runs", "pix2pix-1");
});

afterAll(async () => {
  await killTraining(runDir);
  await editor.close();
});

stepsInOneWindow(() => editor, "failed-graph");

test("the graph of a training shows the values of its losses on their boxes", async () => {
  await editor.command("Trainscope: New Run…");
  await editor.pick("pix2pix (digits)");
  await editor.type("New Run (2/3)", small);
  await editor.pick(/^wasm/);
  await until("a checkpoint", () => existsSync(join(runDir, "checkpoint")), { seconds: 120 });
  await editor.command("Trainscope: Open Graph");
  graph = await editor.panel("[data-name='generator']");
  await graph.locator("[data-name='generator_loss'] .badge").filter({ hasText: /GAN \d/ }).waitFor();
  await editor.screenshot("17-graph-badges-dark");
});

test("keys select, open and close a scope", async () => {
  await graph.locator(".canvas svg").focus();
  await editor.page.keyboard.press("Home");
  await graph.locator(".box.selected").waitFor();
  await press("/");
  await editor.page.keyboard.type("generator");
  // Enter does not wait for the answer, as a person who knows the name would not.
  await press("Enter");
  await graph.locator("[data-name='generator'].selected").waitFor();
  await graph.locator(".canvas svg").focus();
  await press("Enter");
  await graph.locator("[data-name='generator/encoder_1']").waitFor();
  await editor.screenshot("18-graph-generator-dark");
  await press("Enter");
  await graph.locator("[data-name='generator/encoder_1']").waitFor({ state: "detached" });
});

test("the card holds the variables of the newest checkpoint", async () => {
  await graph.locator("[data-section='variables'] .norm").first().waitFor();
  await graph.locator("[data-section='ties']").getByText(/^\d+ tags?$/).waitFor();
});

test("Shift+Enter goes to the line of a script outside of the workspace, and a lens there back to the graph", async () => {
  await graph.locator(".canvas svg").focus();
  await graph.locator("[data-action='source']").first().waitFor();
  await press("Shift+Enter");
  const lens = editor.page.locator(".codelens-decoration a").filter({ hasText: /operation/ }).first();
  await lens.waitFor();
  await editor.screenshot("19-graph-lens-dark");
  const words = await lens.innerText();
  await lens.click();
  // A line that made several places asks which.
  if (/\d+ places/.test(words)) await editor.page.locator(".quick-input-list .monaco-list-row").first().click();
  await graph.locator(".box.selected").waitFor();
});

test("a tag leads from its chart to the box, and a box to its charts", async () => {
  await editor.command("Trainscope: Open Curves");
  const curves = await editor.panel(".card canvas");
  await curves.locator(".scope-chip, .card").first().waitFor();
  const card = curves.locator(".card").filter({ hasText: "generator_loss_GAN" }).first();
  if (!(await card.isVisible())) await curves.locator("[data-action='clearScope']").click();
  await card.hover();
  await card.locator("[data-action='cardMenu']").click();
  await curves.locator("[data-action='showInGraph']").click();
  graph = await editor.panel("[data-name^='generator_loss/'].selected");
  await graph.locator("[data-action='curves']").first().click();
  const back = await editor.panel(".scope-chip");
  await until("only its charts", async () => (await back.locator(".card").count()) === 1, { state: () => back.locator("body").innerText() });
});

test("an earlier graph is compared with it, and what has another name is said", async () => {
  const before = join(editor.workspace, "runs", "earlier");
  mkdirSync(before);
  writeFileSync(join(before, "graph.pbtxt"), readFileSync(join(runDir, "graph.pbtxt"), "utf8").replaceAll("fake_discriminator", "made_discriminator"));
  writeFileSync(join(before, "events.out.tfevents.1.host"), "");
  await editor.showRuns();
  await editor.runRow("earlier").waitFor();
  await editor.runRow("pix2pix-1").click();
  await editor.command("Trainscope: Compare Graph With…");
  await editor.pick("earlier");
  const both = await editor.panel(".changes .change-renamed");
  expect(await both.locator(".changes .change-row").allInnerTexts()).toEqual([expect.stringMatching(/fake_discriminator\s+was made_discriminator/)]);
  await both.locator("[data-name='fake_discriminator'].change-renamed").waitFor();
  await editor.screenshot("20-graph-compared-dark");
});

test("the drawing is saved as SVG, with the colour of variables that this extension contributes", async () => {
  await editor.command("Trainscope: Open Graph");
  // The comparison, which holds the same box, goes off a moment later.
  graph = await editor.panel("body:not(:has(.changes)) [data-name='discriminator'].box-variables");
  const stroke = await graph.locator("[data-name='discriminator'] > .outline").evaluate((box) => getComputedStyle(box).stroke);
  expect(stroke).toBe("rgb(78, 201, 176)");
  await graph.locator("[data-action='export']").press("Enter");
  await graph.locator("[data-action='save-svg']").press("Enter");
  const file = await editor.saveAsOffered(".svg");
  await until("the file", () => existsSync(file) && readFileSync(file, "utf8").endsWith("</svg>\n"));
  expect(readFileSync(file, "utf8")).toContain("<title>generator</title>");
});

async function press(key: string): Promise<void> {
  await editor.page.keyboard.press(key);
}
