import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectDoor, makeDoorToken, openDoor, type Door } from "#node/door";
import { doorPlace } from "#node/doorPlace";
import type { SocketPipe } from "#node/socketPipe";

let root: string;
let runDir: string;
const before = process.env["XDG_RUNTIME_DIR"];
const opened: Door[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "door-"));
  runDir = join(root, "run");
  await mkdir(runDir);
  process.env["XDG_RUNTIME_DIR"] = root;
});

afterEach(async () => {
  for (const door of opened.splice(0)) await door.close();
  if (before === undefined) delete process.env["XDG_RUNTIME_DIR"];
  else process.env["XDG_RUNTIME_DIR"] = before;
  await rm(root, { recursive: true });
});

async function open(token = makeDoorToken(), onPipe: (pipe: SocketPipe) => void = (pipe) => pipe.onMessage((m) => pipe.post(m))): Promise<Door> {
  const door = await openDoor({ runDir, token }, onPipe);
  opened.push(door);
  return door;
}

describe("a door", () => {
  test("is found by the run's folder, with its token, and carries messages", async () => {
    await open("the token");
    const connection = await connectDoor(runDir);
    expect(connection?.token).toBe("the token");
    const answer = new Promise((resolve) => connection?.pipe.onMessage(resolve));
    connection?.pipe.post("echo");
    expect(await answer).toBe("echo");
    connection?.pipe.dispose();
  });
  test("is the same through a link to the folder", async () => {
    await open();
    await symlink(runDir, join(root, "link"));
    const connection = await connectDoor(join(root, "link"));
    expect(connection).toBeDefined();
    connection?.pipe.dispose();
  });
  test("has a short address and a token that only its owner reads", async () => {
    const { place } = await open();
    expect(Buffer.byteLength(place.socket)).toBeLessThan(100);
    expect((await stat(place.tokenFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, "trainscope"))).mode & 0o777).toBe(0o700);
  });
  test("leaves nothing behind when closed", async () => {
    const door = await open();
    await door.close();
    await expect(stat(door.place.tokenFile)).rejects.toThrow(/ENOENT/);
    await expect(stat(door.place.socket)).rejects.toThrow(/ENOENT/);
    expect(await connectDoor(runDir)).toBeUndefined();
  });
  test("is not opened twice", async () => {
    await open();
    await expect(openDoor({ runDir, token: "b" }, () => undefined)).rejects.toThrow(/A run is training in/);
  });
  test("replaces what a dead trainer left", async () => {
    const place = await doorPlace(runDir);
    await writeFile(place.tokenFile, "old", { mode: 0o600 });
    await leaveStaleSocket(place.socket);
    expect(await connectDoor(runDir)).toBeUndefined();
    await open("new");
    const connection = await connectDoor(runDir);
    expect(connection?.token).toBe("new");
    connection?.pipe.dispose();
  });
  test("opens once when two trainers come at the same time", async () => {
    const outcomes = await Promise.allSettled([open("a"), open("b")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
  test("is refused in a folder that others may enter", async () => {
    await mkdir(join(root, "trainscope"));
    await chmod(join(root, "trainscope"), 0o755);
    await expect(open()).rejects.toThrow(/lets others in/);
  });
});

describe("a token file", () => {
  test("that others may read is not believed", async () => {
    const { place } = await open();
    await chmod(place.tokenFile, 0o644);
    expect(await connectDoor(runDir)).toBeUndefined();
  });
  test("that is a link is not followed", async () => {
    const { place } = await open();
    await writeFile(join(root, "secret"), await readFile(place.tokenFile), { mode: 0o600 });
    await rm(place.tokenFile);
    await symlink(join(root, "secret"), place.tokenFile);
    await expect(connectDoor(runDir)).rejects.toThrow(/ELOOP/);
  });
});

/** Binds a socket file that nobody listens on any more, as a killed process leaves it. */
async function leaveStaleSocket(path: string): Promise<void> {
  const elsewhere = `${path}.x`;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(elsewhere, resolve));
  await import("node:fs/promises").then(({ link }) => link(elsewhere, path));
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
