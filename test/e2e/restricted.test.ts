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

test("commands that launch or change are off", async () => {
  expect(await editor.paletteTitles("Trainscope: New Run")).not.toContain("Trainscope: New Run…");
  expect(await editor.paletteTitles("Trainscope: Open Curves")).toContain("Trainscope: Open Curves");
});
