// A person's own script: asked for once, started, failing, and its log one click away.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Editor } from "../support/vscode/editor";

const script = `import { getOrCreateGlobalStep } from "trainscope";
export default async function main({ args }: { args: readonly string[] }): Promise<void> {
  getOrCreateGlobalStep();
  throw new Error(\`the \${args.join(" and ")} ran out\`);
}
`;

let folder: string;
let editor: Editor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainscope-own-"));
  await writeFile(join(folder, "train.ts"), script);
  await writeFile(join(folder, "notes.ts"), "export const unrelated = 1;\n");
  editor = await Editor.open({ workspace: folder });
});

afterAll(async () => {
  await editor.close();
  await rm(folder, { recursive: true, force: true });
});

test("only scripts that import the library are offered, and the first run of a workspace asks", async () => {
  await editor.command("Trainscope: New Run…");
  expect(await editor.rows()).toEqual(["train.ts", "pix2pix (digits)", "classifier (digits)"].map((name) => expect.stringContaining(name)));
  await editor.pick("train.ts");
  await editor.type("New Run (2/3)", '"first thing" second');
  await editor.pick(/^cpu/);
  const dialog = editor.page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  expect(await dialog.innerText()).toContain('train.ts "first thing" second');
  await editor.screenshot("10-first-run-dark");
  await editor.confirm("Run");
});

test("a failure is told with its reason, and the log shows where", async () => {
  expect(await editor.notification(/failed/)).toContain("the first thing and second ran out");
  await editor.screenshot("11-failed-dark");
  await editor.answer(/failed/, "Show Log");
  await editor.page.locator(".tab.active").filter({ hasText: "trainer.log" }).waitFor();
  await editor.page.locator(".view-lines").filter({ hasText: "train.ts:4" }).waitFor();
});

test("the run explorer keeps the failed run, and says so", async () => {
  await editor.showRuns();
  const row = editor.runRow("train-1");
  await row.getByText("failed").waitFor();
  expect(await row.getAttribute("aria-label")).toContain("failed");
});
