import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { cleanEnvironment, findNode, processExists, signalGroup, spawnDetached } from "#node/processes";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const path = process.env["PATH"];

afterEach(() => {
  process.env["PATH"] = path;
});

async function fakeNode(folder: string, version: string): Promise<string> {
  const file = join(await temporary.folder(folder), "node");
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("the Node for trainings", () => {
  test("is the one that the setting names", async () => {
    expect(await findNode(process.execPath)).toEqual({ path: process.execPath, env: {} });
  });
  test("is refused when the setting's is too old, with its number", async () => {
    await expect(findNode(await fakeNode("old", "v14.21.3"))).rejects.toThrow(/is Node\.js 14; at least 20 is needed/);
  });
  test("is the first on PATH that is new enough", async () => {
    const [old, none, good] = [await fakeNode("old", "v16.0.0"), await fakeNode("none", "hello"), await fakeNode("good", "v22.1.0")];
    process.env["PATH"] = [old, none, good].map((file) => join(file, "..")).join(delimiter);
    expect((await findNode()).path).toBe(good);
  });
  test("is our own program where PATH has none", async () => {
    process.env["PATH"] = await temporary.folder("empty");
    expect(await findNode()).toEqual({ path: process.execPath, env: {} });
  });
});

test("the environment of a training has nothing of the editor's", () => {
  const env = cleanEnvironment({
    PATH: "/bin", VSCODE_PID: "1", ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "--require /x/ms-vscode.js-debug/bootloader.js", HOME: "/h",
  });
  expect(env).toEqual({ PATH: "/bin", HOME: "/h" });
  expect(cleanEnvironment({ NODE_OPTIONS: "--max-old-space-size=100" })).toEqual({ NODE_OPTIONS: "--max-old-space-size=100" });
});

describe("a detached program", () => {
  const start = (script: string) =>
    spawnDetached(process.execPath, ["-e", script], { cwd: temporary.root, env: cleanEnvironment(), logFile: join(temporary.root, "log") });
  test("appends its output to a file that only its owner reads", async () => {
    for (const text of ["one", "two"]) {
      const child = await start(`console.log("${text}")`);
      await new Promise((resolve) => child.once("exit", resolve));
    }
    expect(await readFile(join(temporary.root, "log"), "utf8")).toBe("one\ntwo\n");
  });
  test("is ended with all that it started", async () => {
    const child = await start('const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]); console.log(c.pid); setInterval(() => 0, 1000)');
    const grandchild = await firstLine(join(temporary.root, "log"));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await signalGroup(child.pid ?? 0, "SIGKILL");
    await ended;
    await gone(Number(grandchild));
    await signalGroup(child.pid ?? 0, "SIGKILL");
  });
  test("that does not exist is an error", async () => {
    await expect(spawnDetached("/no/such/program", [], { cwd: "/", env: {}, logFile: join(temporary.root, "log") })).rejects.toThrow(/ENOENT/);
  });
});

async function firstLine(file: string): Promise<string> {
  for (;;) {
    const [line, rest] = (await readFile(file, "utf8")).split("\n");
    if (line !== undefined && rest !== undefined) return line;
  }
}

/** A killed process whose parent is gone is reaped by the system, at once but not by us. */
async function gone(pid: number): Promise<void> {
  while (processExists(pid)) if ((await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "gone Z")).includes(" Z")) return;
}

test("a process that has ended counts as gone even where nobody collects it", async ({ skip }) => {
  skip(process.platform !== "linux", "/proc tells it on Linux only");
  // The shell becomes a program that never asks for the end of what it started.
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    await expect.poll(() => readFile(`/proc/${String(parent.pid)}/comm`, "utf8")).toBe("sleep\n");
    expect(processExists(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => processExists(pid)).toBe(false);
    expect(process.kill(pid, 0)).toBe(true);
  } finally {
    parent.kill("SIGKILL");
  }
});
