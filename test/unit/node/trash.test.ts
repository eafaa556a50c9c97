import { link, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { PlannedDelete, PrunePlan } from "#model/checkpoint";
import { bringBack, emptyTrash, moveToTrash, readTrash, stampOf } from "#node/trash";
import { holdFile } from "../../support/stubbornFile";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const now = new Date("2026-01-02T03:04:05.678Z");
let dir: string;

beforeEach(async () => {
  dir = await temporary.folder("run");
  for (const step of [100, 200, 300, 400]) {
    for (const suffix of [".index", ".data-00000-of-00001", ".meta"]) await writeFile(join(dir, `model-${step}${suffix}`), `${step}${suffix}`);
  }
  await writeState(["model-200", "model-300", "model-400"]);
});

async function writeState(listed: readonly string[]): Promise<void> {
  const lines = [`model_checkpoint_path: "${listed.at(-1)}"`, ...listed.map((path) => `all_model_checkpoint_paths: "${path}"`)];
  await writeFile(join(dir, "checkpoint"), `${lines.join("\n")}\n`);
}

async function listed(): Promise<string[]> {
  return [...(await readFile(join(dir, "checkpoint"), "utf8")).matchAll(/all_\w+: "(.*)"/g)].map(([, path]) => path ?? "");
}

const filesOf = (prefix: string): string[] => [".data-00000-of-00001", ".index", ".meta"].map((suffix) => `${prefix}${suffix}`);

async function planOf(...prefixes: readonly string[]): Promise<PrunePlan> {
  const deletes = await Promise.all(prefixes.map((prefix) => planned(prefix, filesOf(prefix))));
  return { deletes, keeps: [], bytes: deletes.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function planned(prefix: string, files: readonly string[]): Promise<PlannedDelete> {
  const stamps = await Promise.all(files.map((name) => stampOf(join(dir, name))));
  return { prefix, files, stamps, bytes: stamps.reduce((sum, { bytes }) => sum + bytes, 0), reason: "old" };
}

/** Everything below the run, with contents. */
async function everything(): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path.slice(dir.length + 1), await readFile(path, "utf8")] as const)));
}

describe("a prune", () => {
  test("moves exactly the planned files, and the state file no longer lists them", async () => {
    const { trash } = await moveToTrash(dir, await planOf("model-100", "model-200"), { now });
    expect(trash).toBe(".trash/2026-01-02T03-04-05.678Z");
    expect((await readdir(dir)).filter((name) => name.startsWith("model-1") || name.startsWith("model-2"))).toEqual([]);
    expect((await readdir(join(dir, trash))).sort()).toEqual(["manifest.json", ...filesOf("model-100"), ...filesOf("model-200")].sort());
    expect(await listed()).toEqual(["model-300", "model-400"]);
  });
  test("leaves the state file alone when nothing listed goes", async () => {
    const before = await stat(join(dir, "checkpoint"));
    await moveToTrash(dir, await planOf("model-100"), { now });
    expect((await stat(join(dir, "checkpoint"))).ino).toBe(before.ino);
  });
  test("understands absolute entries of a state file", async () => {
    await writeState([join(dir, "model-300"), join(dir, "model-400")]);
    await moveToTrash(dir, await planOf("model-300"), { now });
    expect(await listed()).toEqual([join(dir, "model-400")]);
  });
  test("drops the time of an entry with the entry", async () => {
    const times = [1.5, 2.5, 3.5].map((time) => `all_model_checkpoint_timestamps: ${time}\n`).join("");
    await writeFile(join(dir, "checkpoint"), (await readFile(join(dir, "checkpoint"), "utf8")) + times);
    await moveToTrash(dir, await planOf("model-300"), { now });
    expect(await readFile(join(dir, "checkpoint"), "utf8")).toMatch(/timestamps: 1.5\nall_model_checkpoint_timestamps: 3.5\n$/);
  });
  test("of a checkpoint in a folder of its own keeps that folder's name", async () => {
    await mkdir(join(dir, "best"));
    await writeFile(join(dir, "best/model-1.index"), "i");
    const plan = { deletes: [await planned("best/model-1", ["best/model-1.index"])], keeps: [], bytes: 1 };
    const { trash } = await moveToTrash(dir, plan, { now });
    expect(await readFile(join(dir, trash, "best/model-1.index"), "utf8")).toBe("i");
    await bringBack(dir, trash);
    expect(await readFile(join(dir, "best/model-1.index"), "utf8")).toBe("i");
  });
  test("at the same moment as another takes another folder", async () => {
    const first = await moveToTrash(dir, await planOf("model-100"), { now });
    const second = await moveToTrash(dir, await planOf("model-200"), { now });
    expect(second.trash).not.toBe(first.trash);
  });
});

describe("a plan is refused, and nothing moves,", () => {
  const refused = async (plan: PrunePlan, why: RegExp): Promise<void> => {
    const before = await everything();
    await expect(moveToTrash(dir, plan, { now })).rejects.toThrow(why);
    expect(await everything()).toEqual(before);
  };
  test("when it takes the latest checkpoint", async () => refused(await planOf("model-100", "model-400"), /latest checkpoint is never pruned/));
  test("when a file has changed since", async () => {
    const plan = await planOf("model-100", "model-200");
    await writeFile(join(dir, "model-200.meta"), "longer than before");
    await refused(plan, /model-200\.meta has changed since the plan/);
  });
  test("when a file was written again with the same size", async () => {
    const plan = await planOf("model-100");
    await utimes(join(dir, "model-100.index"), 1, 1);
    await refused(plan, /has changed since/);
  });
  test("when a file is gone", async () => {
    const plan = await planOf("model-100");
    await rm(join(dir, "model-100.meta"));
    await refused(plan, /is no longer there/);
  });
  test("when it does not say how the files looked", async () => {
    const { deletes } = await planOf("model-100");
    await refused({ deletes: deletes.map(({ stamps: _, ...rest }) => rest), keeps: [], bytes: 0 }, /has changed since/);
  });
  test("when it names a file twice", async () => refused(await planOf("model-100", "model-100"), /names a file twice/));
  test("when it is empty", async () => refused({ deletes: [], keeps: [], bytes: 0 }, /moves nothing/));

  const names = ["../outside.index", "/etc/passwd", "model-100/../checkpoint", "checkpoint", "run.json", "model-100.index/", "./model-100.index", "model-100\0.index"];
  test.each(names)("when it names %j", async (name) => {
    await writeFile(join(temporary.root, "outside.index"), "precious");
    const stamp = { bytes: 1, modifiedMs: 1 };
    await refused({ deletes: [{ prefix: "model-100", files: [name], stamps: [stamp], bytes: 1, reason: "" }], keeps: [], bytes: 1 }, /is no file of the checkpoint/);
  });
  test("when its prefix leads out of the run", async () => {
    await writeFile(join(temporary.root, "outside.index"), "precious");
    const plan = { deletes: [await planned("../outside", ["../outside.index"])], keeps: [], bytes: 1 };
    await refused(plan, /is no file of the checkpoint/);
    expect(await readFile(join(temporary.root, "outside.index"), "utf8")).toBe("precious");
  });
  test("when a file is a link, or lies behind one", async () => {
    await mkdir(join(temporary.root, "elsewhere"));
    await writeFile(join(temporary.root, "elsewhere/model-1.index"), "precious");
    await symlink(join(temporary.root, "elsewhere"), join(dir, "sub"));
    await symlink(join(temporary.root, "elsewhere/model-1.index"), join(dir, "model-1.index"));
    await refused({ deletes: [await planned("sub/model-1", ["sub/model-1.index"])], keeps: [], bytes: 1 }, /lies outside/);
    await refused({ deletes: [await planned("model-1", ["model-1.index"])], keeps: [], bytes: 1 }, /lies outside/);
  });
});

describe("undo", () => {
  test("brings back every byte and the list", async () => {
    const before = await everything();
    const { trash } = await moveToTrash(dir, await planOf("model-100", "model-200", "model-300"), { now });
    expect(await bringBack(dir, trash)).toEqual({ prefixes: ["model-100", "model-200", "model-300"], tookBack: [] });
    expect(await everything()).toEqual(before);
  });
  test("keeps what was saved since, behind what comes back", async () => {
    const { trash } = await moveToTrash(dir, await planOf("model-200"), { now });
    await writeState(["model-300", "model-400", "model-500"]);
    await bringBack(dir, trash);
    expect(await listed()).toEqual(["model-200", "model-300", "model-400", "model-500"]);
  });
  test("refuses to overwrite", async () => {
    const { trash } = await moveToTrash(dir, await planOf("model-100"), { now });
    await writeFile(join(dir, "model-100.index"), "new");
    await expect(bringBack(dir, trash)).rejects.toThrow(/model-100\.index is there again/);
    expect(await readFile(join(dir, "model-100.index"), "utf8")).toBe("new");
  });
  test("goes on after it was interrupted", async () => {
    const before = await everything();
    const { trash } = await moveToTrash(dir, await planOf("model-200"), { now });
    await link(join(dir, trash, "model-200.meta"), join(dir, "model-200.meta"));
    await rm(join(dir, trash, "model-200.meta"));
    await bringBack(dir, trash);
    expect(await everything()).toEqual(before);
  });
  test.each(["..", ".trash", ".trash/..", ".trash/../..", "model-100", ".trash/nothing", "/tmp"])("refuses the trash folder %j", async (trash) => {
    await moveToTrash(dir, await planOf("model-100"), { now });
    await expect(bringBack(dir, trash)).rejects.toThrow(/There is no trash folder/);
  });
  test("hands over what the prune changed beside the files before any of them is back, and leaves out parts of it that are none", async () => {
    const policy = { maxToKeep: 2, keepCheckpointEveryNHours: 1 };
    const before = { ...policy, maxToKeep: 5, byScript: true as const };
    const { trash } = await moveToTrash(dir, await planOf("model-100"), { now, beside: { policy, before, protect: { prefix: "model-200", note: "best" } } });
    const path = join(dir, trash, "manifest.json");
    await writeFile(path, (await readFile(path, "utf8")).replace('"note": "best"', '"note": 5').replace('"maxToKeep": 2', '"maxToKeep": -2'));
    const { tookBack } = await bringBack(dir, trash, async (beside) => {
      expect(await readdir(dir)).not.toContain("model-100.index");
      return [{ kind: "setPolicy", ...(beside.policy ?? beside.before ?? policy) }];
    });
    expect(tookBack).toEqual([{ kind: "setPolicy", ...before }]);
  });
  test("does not believe a manifest that leads out of the run", async () => {
    const { trash } = await moveToTrash(dir, await planOf("model-100"), { now });
    const path = join(dir, trash, "manifest.json");
    await writeFile(path, (await readFile(path, "utf8")).replaceAll("model-100", "../stolen"));
    await expect(bringBack(dir, trash)).rejects.toThrow(/holds nothing/);
  });
});

describe("a prune that fails half way", () => {
  test("leaves what cannot be moved whole and listed, says why, and undo brings back the rest", async () => {
    const before = await everything();
    const release = holdFile("model-200.data-00000-of-00001");
    onTestFinished(release);
    const { trash, left } = await moveToTrash(dir, await planOf("model-100", "model-200", "model-300"), { now });
    expect(left).toEqual([{ prefix: "model-200", why: expect.stringContaining("EBUSY") as string }]);
    expect(await listed()).toEqual(["model-200", "model-400"]);
    for (const name of filesOf("model-200")) expect(await readdir(dir)).toContain(name);
    expect(await readTrash(dir)).toMatchObject([{ trash, checkpoints: [{ prefix: "model-100" }, { prefix: "model-300" }] }]);
    await bringBack(dir, trash);
    expect(await everything()).toEqual(before);
  });
  test("is a refusal where nothing could be moved, and leaves no trash", async () => {
    const before = await everything();
    const release = holdFile("model-200.index");
    onTestFinished(release);
    await expect(moveToTrash(dir, await planOf("model-200"), { now })).rejects.toThrow(/Nothing was moved: EBUSY/);
    expect(await everything()).toEqual(before);
    expect(await readTrash(dir)).toEqual([]);
  });
});

describe("the trash", () => {
  test("is listed newest first, with what it holds", async () => {
    await moveToTrash(dir, await planOf("model-100"), { now });
    await moveToTrash(dir, await planOf("model-200"), { now: new Date(now.getTime() + 1000) });
    const bytes = "100.index100.data-00000-of-00001100.meta".length;
    expect(await readTrash(dir)).toEqual([
      expect.objectContaining({ movedSeconds: now.getTime() / 1000 + 1, checkpoints: [{ prefix: "model-200", bytes }] }),
      expect.objectContaining({ movedSeconds: now.getTime() / 1000, checkpoints: [{ prefix: "model-100", bytes }], bytes }),
    ]);
  });
  test("is nothing where nothing was pruned", async () => expect(await readTrash(dir)).toEqual([]));
  test("is emptied of what prunes moved, and of nothing else", async () => {
    await moveToTrash(dir, await planOf("model-100"), { now });
    await mkdir(join(dir, ".trash/mine"));
    await writeFile(join(dir, ".trash/mine/notes.txt"), "keep");
    await mkdir(join(temporary.root, "elsewhere"));
    await writeFile(join(temporary.root, "elsewhere/manifest.json"), '{"version":1,"movedSeconds":1,"listed":[],"checkpoints":[]}');
    await symlink(join(temporary.root, "elsewhere"), join(dir, ".trash/link"));
    expect((await emptyTrash(dir)).folders).toBe(1);
    expect((await readdir(join(dir, ".trash"))).sort()).toEqual(["link", "mine"]);
    expect(await readdir(join(temporary.root, "elsewhere"))).toEqual(["manifest.json"]);
  });
  test("goes altogether once it is empty", async () => {
    await moveToTrash(dir, await planOf("model-100"), { now });
    await emptyTrash(dir);
    await expect(stat(join(dir, ".trash"))).rejects.toThrow(/ENOENT/);
  });
});
