// A folder that is not trusted: everything can be looked at, nothing launched or changed.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Editor } from "../support/vscode/editor";

const logs = join(import.meta.dirname, "..", "fixtures", "analysis", "runs");

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.open({
    workspace: logs,
    settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
  });
});

afterAll(() => editor.close());

test("runs that another program wrote are listed with their last step", async () => {
  await editor.showRuns();
  await editor.runRow("supervisor").getByText(/step [\d,]+ · loss/).waitFor();
});

test("their curves open", async () => {
  await editor.runRow("supervisor").click();
  const curves = await editor.panel(".card canvas");
  await curves.locator(".card").first().getByText(/points drawn/).waitFor();
  await editor.screenshot("12-restricted-dark");
});

test("the checkpoint browser shows all and says why it changes nothing", async () => {
  await editor.command("Trainscope: Open Checkpoints");
  const page = await editor.panel("tr[data-prefix='model-60']");
  await page.getByText("Viewing works; changing is off until you trust this folder.").waitFor();
  await page.locator("tr[data-prefix='model-60']").hover();
  expect(await page.locator("tr[data-prefix='model-60'] [data-action='restore']").isDisabled()).toBe(true);
  await editor.screenshot("13-restricted-checkpoints");
});

test("a checkpoint opens as a file, with its variables", async () => {
  const page = await editor.panel("tr[data-prefix='model-60']");
  await page.locator("tr[data-prefix='model-60']").focus();
  await page.locator("tr[data-prefix='model-60']").press("Enter");
  const file = await editor.panel(".file-page .variables tbody tr");
  expect(await file.locator("h2").innerText()).toBe("model-60");
  await editor.screenshot("14-checkpoint-file");
});

test("an event file opens as its graph by itself", async () => {
  await editor.openFile(join(logs, "supervisor", "events.out.tfevents.1795317022.host"));
  const graph = await editor.panel(".canvas [data-name='gradients']");
  expect(await graph.locator(".canvas [data-name]").count()).toBeGreaterThan(4);
  await editor.screenshot("15-graph-file");
});

test("commands that launch or change are off", async () => {
  expect(await editor.paletteTitles("Trainscope: New Run")).not.toContain("Trainscope: New Run…");
  expect(await editor.paletteTitles("Trainscope: Open Curves")).toContain("Trainscope: Open Curves");
});
