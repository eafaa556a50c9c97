import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isEventFileName, listEventFiles, startedSeconds } from "#node/eventFiles";
import { temporaryFolder } from "./temporaryFolder";

test("event files are those with tfevents anywhere in the name", () => {
  const names = ["events.out.tfevents.1700000000.host", "my.tfevents", "events.out.tfevents.1.host.profile-empty", "events.txt"];
  expect(names.map(isEventFileName)).toEqual([true, true, false, false]);
});

test("they come in the order of their names as text, with size; links are followed, folders are none", async () => {
  const dir = await temporaryFolder();
  for (const name of ["tfevents.9", "tfevents.10"]) await writeFile(join(dir, name), "12345");
  await mkdir(join(dir, "tfevents.folder"));
  await symlink(join(dir, "tfevents.9"), join(dir, "tfevents.link"));
  await symlink(join(dir, "nowhere"), join(dir, "tfevents.dangling"));
  expect((await listEventFiles(dir)).map(({ name, bytes }) => [name, bytes])).toEqual([["tfevents.10", 5], ["tfevents.9", 5], ["tfevents.link", 5]]);
});

test("a single file is listed whatever its name", async () => {
  const path = join(await temporaryFolder(), "copy.bin");
  await writeFile(path, "1");
  expect(await listEventFiles(path)).toMatchObject([{ name: "copy.bin", path, bytes: 1 }]);
});

test("the beginning of a writer is in the name, where it has ten digits", () => {
  expect(["events.out.tfevents.1700000000.host", "a.tfevents.1700000000", "events.out.tfevents.17.host", "x.tfevents"].map(startedSeconds)).toEqual([
    1700000000, 1700000000, undefined, undefined,
  ]);
});
