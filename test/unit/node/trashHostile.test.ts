// Names that mean harm, and folders that were changed between a prune and its undo: nothing outside of the run is touched.
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { PrunePlan } from "#model/checkpoint";
import { bringBack, emptyTrash, moveToTrash, readTrash, stampOf } from "#node/trash";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
let dir: string;
let elsewhere: string;

beforeEach(async () => {
  dir = await temporary.folder("run");
  elsewhere = await temporary.folder("elsewhere");
  await writeFile(join(elsewhere, "model-1.index"), "precious");
});

async function planOf(prefix: string, name = `${prefix}.index`): Promise<PrunePlan> {
  return { deletes: [{ prefix, files: [name], stamps: [await stampOf(join(dir, name))], bytes: 1, reason: "old" }], keeps: [], bytes: 1 };
}

/** The files of a folder with their contents. */
async function below(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return Object.fromEntries(await Promise.all(files.map(async ({ name }) => [name, await readFile(join(folder, name), "utf8")] as const)));
}

describe("where a folder became a link after the prune", () => {
  beforeEach(async () => {
    await mkdir(join(dir, "sub"));
    await writeFile(join(dir, "sub/model-2.index"), "mine");
  });

  test("an undo does not write through a link in the run", async () => {
    const { trash } = await moveToTrash(dir, await planOf("sub/model-2"));
    await rm(join(dir, "sub"), { recursive: true });
    await symlink(elsewhere, join(dir, "sub"));
    await expect(bringBack(dir, trash)).rejects.toThrow(/sub\/model-2\.index lies behind a link; nothing was brought back/);
    expect(await below(elsewhere)).toEqual({ "model-1.index": "precious" });
    expect(await below(join(dir, trash, "sub"))).toEqual({ "model-2.index": "mine" });
  });

  test("an undo does not fetch through a link in the trash", async () => {
    const { trash } = await moveToTrash(dir, await planOf("sub/model-2"));
    await writeFile(join(elsewhere, "model-2.index"), "theirs");
    await rm(join(dir, trash, "sub"), { recursive: true });
    await symlink(elsewhere, join(dir, trash, "sub"));
    await expect(bringBack(dir, trash)).rejects.toThrow(/lies behind a link/);
    expect(await below(elsewhere)).toEqual({ "model-1.index": "precious", "model-2.index": "theirs" });
  });

  test("emptying the trash deletes the link, not what it leads to", async () => {
    const { trash } = await moveToTrash(dir, await planOf("sub/model-2"));
    await symlink(elsewhere, join(dir, trash, "more"));
    expect((await emptyTrash(dir)).folders).toBe(1);
    expect(await below(elsewhere)).toEqual({ "model-1.index": "precious" });
  });

  test("a trash that is a link itself is neither used nor read", async () => {
    await symlink(elsewhere, join(dir, ".trash"));
    await expect(moveToTrash(dir, await planOf("sub/model-2"))).rejects.toThrow(/\.trash is no folder; nothing was moved/);
    expect(await readTrash(dir)).toEqual([]);
    expect(await below(elsewhere)).toEqual({ "model-1.index": "precious" });
  });
});

test("a run that is reached through a link is pruned and undone where it really is", async () => {
  await writeFile(join(dir, "model-2.index"), "mine");
  const link = join(temporary.root, "link");
  await symlink(dir, link);
  const { trash } = await moveToTrash(link, await planOf("model-2"));
  expect(await readdir(dir)).toEqual([".trash"]);
  await bringBack(link, trash);
  expect(await below(dir)).toEqual({ "model-2.index": "mine" });
});

test.each([
  ["a line break", "model\nnext-7"], ["a terminal's commands", "model\u001b[2J-7"], ["signs of several units", "модель👩‍🚀-7"], ["the length of a name at most", `${"m".repeat(230)}-7`],
  ["a quote and a brace", 'model"}-7'], ["a leading dash", "--force-7"],
])("a name with %s goes to trash and comes back", async (_, prefix) => {
  await writeFile(join(dir, `${prefix}.index`), "mine");
  await writeFile(join(dir, "checkpoint"), 'model_checkpoint_path: "model-8"\n');
  const { trash } = await moveToTrash(dir, await planOf(prefix));
  expect((await readTrash(dir))[0]?.checkpoints).toEqual([{ prefix, bytes: 1 }]);
  await bringBack(dir, trash);
  expect(await readFile(join(dir, `${prefix}.index`), "utf8")).toBe("mine");
});

test.each(["../elsewhere/model-1", "/model-1", "sub/../../elsewhere/model-1", ".trash/model-1"])("a manifest that names %j holds nothing", async (prefix) => {
  await writeFile(join(dir, "model-2.index"), "mine");
  const { trash } = await moveToTrash(dir, await planOf("model-2"));
  const manifest = { version: 1, movedSeconds: 1, listed: [], checkpoints: [{ prefix, files: [`${prefix}.index`], bytes: 1 }] };
  await writeFile(join(dir, trash, "manifest.json"), JSON.stringify(manifest));
  await expect(bringBack(dir, trash)).rejects.toThrow(/holds nothing that could be brought back/);
  expect(await below(elsewhere)).toEqual({ "model-1.index": "precious" });
});

test("an undo of a run that was moved works in its new place", async () => {
  await writeFile(join(dir, "model-2.index"), "mine");
  const { trash } = await moveToTrash(dir, await planOf("model-2"));
  const moved = join(temporary.root, "moved");
  await rename(dir, moved);
  await bringBack(moved, trash);
  expect(await below(moved)).toEqual({ "model-2.index": "mine" });
});
