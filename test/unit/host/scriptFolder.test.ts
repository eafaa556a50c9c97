import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { isBesideScript } from "#host/runs/scriptFolder";
import { writeRunRecord } from "#node/runRecord";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const at = (path: string): string => join(temporary.root, path);

beforeEach(async () => {
  for (const file of ["scripts/train.ts", "scripts/net/layers.ts", "scripts-of-others/a.ts", "secret.txt"]) {
    await mkdir(dirname(at(file)), { recursive: true });
    await writeFile(at(file), "");
  }
  await mkdir(at("run"));
  await writeRunRecord(at("run"), { version: 1, script: at("scripts/train.ts"), args: [], startedSeconds: 1, state: "finished" });
});

describe("a file that a run's graph leads to", () => {
  test("may be shown where it lies in or below the folder of the run's script", async () => {
    expect(await isBesideScript(at("run"), at("scripts/train.ts"))).toBe(true);
    expect(await isBesideScript(at("run"), at("scripts/net/layers.ts"))).toBe(true);
  });

  test("may not be shown anywhere else, whatever its name looks like", async () => {
    await symlink(at("secret.txt"), at("scripts/link.ts"));
    for (const file of [at("secret.txt"), `${at("scripts")}/../secret.txt`, at("scripts-of-others/a.ts"), at("scripts/link.ts"), at("scripts/gone.ts"), "//host/share/a.ts", "\\\\host\\share\\a.ts"]) {
      expect(await isBesideScript(at("run"), file), file).toBe(false);
    }
  });

  test("may not be shown for a graph that belongs to no run, or to one without a record", async () => {
    await mkdir(at("foreign"));
    await writeFile(at("foreign/events.out.tfevents.1.host"), "");
    for (const dir of [at("foreign"), at("secret.txt"), at("nowhere")]) expect(await isBesideScript(dir, at("scripts/train.ts"))).toBe(false);
  });

  test("lies beside a script that is reached through a link, too", async () => {
    await symlink(at("scripts"), at("linked"));
    await writeRunRecord(at("run"), { version: 1, script: at("linked/train.ts"), args: [], startedSeconds: 1, state: "finished" });
    expect(await isBesideScript(at("run"), at("scripts/net/layers.ts"))).toBe(true);
  });
});
