// Appending whole records, also when the disk refuses for a while.
import { mkdtemp, open, readFile, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppendFile } from "#node/appendFile";

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), "append-"))));
afterEach(() => rm(dir, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

/** A handle whose writes can be made to fail after a few bytes, as a full disk does. */
function fillableDisk(handle: FileHandle) {
  const disk = { full: false };
  const write = async (data: Uint8Array, from: number, length: number, at: number) => {
    if (!disk.full) return handle.write(data, from, length, at);
    await handle.write(data, from, Math.min(3, length), at);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  const facade = { write, truncate: (n: number) => handle.truncate(n), sync: () => handle.sync(), close: () => handle.close() };
  return { disk, handle: facade as unknown as FileHandle };
}

test("records arrive in order without anybody waiting", async () => {
  const path = join(dir, "log");
  const file = new AppendFile(() => open(path, "wx"));
  for (const word of ["one ", "two ", "three"]) file.append(bytes(word));
  await file.flush();
  file.append(bytes(" four"));
  await file.close();
  expect(await readFile(path, "utf8")).toBe("one two three four");
});

test("the file is not made before the first record", async () => {
  const path = join(dir, "log");
  const file = new AppendFile(() => open(path, "wx"));
  await file.close();
  await expect(readFile(path)).rejects.toThrow("ENOENT");
});

test("a failed write leaves only whole records, and they follow once there is room", async () => {
  const path = join(dir, "log");
  const { disk, handle } = fillableDisk(await open(path, "wx"));
  const problems: unknown[] = [];
  const file = new AppendFile(async () => handle, { onProblem: (error) => problems.push(error) });
  file.append(bytes("first."));
  await file.flush();
  disk.full = true;
  file.append(bytes("second."));
  await expect(file.flush()).rejects.toThrow("ENOSPC");
  file.append(bytes("third."));
  await expect(file.flush()).rejects.toThrow("ENOSPC");
  expect(await readFile(path, "utf8")).toBe("first.");
  expect(problems).toHaveLength(1);
  disk.full = false;
  await file.close();
  expect(await readFile(path, "utf8")).toBe("first.second.third.");
  expect(file.droppedRecords).toBe(0);
});

test("what the disk does not take for too long is dropped and counted", async () => {
  const { disk, handle } = fillableDisk(await open(join(dir, "log"), "wx"));
  disk.full = true;
  const file = new AppendFile(async () => handle, { maxWaitingBytes: 10 });
  for (let i = 0; i < 5; i++) file.append(bytes("1234"));
  await expect(file.flush()).rejects.toThrow("ENOSPC");
  expect(file.droppedRecords).toBe(3);
  await expect(file.close()).rejects.toThrow("ENOSPC");
});
