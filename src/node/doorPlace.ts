// Where a run's door is: one address and one token file per run, in a folder that only this user can enter.
import { createHash } from "node:crypto";
import { lstat, mkdir, open, realpath } from "node:fs/promises";
import { constants } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { UserError } from "#base/errors";
import { isNotFound } from "./files";

/** The address of a run's door and the file that holds its token. */
export interface DoorPlace {
  /** Path of a Unix socket (under 100 bytes), or name of a pipe on Windows. */
  readonly socket: string;
  readonly tokenFile: string;
}

const maxSocketPathBytes = 100;
const maxTokenBytes = 256;
const windows = process.platform === "win32";

/** The place at which a trainer of this run opens its door. Makes the private folder when it is not there. */
export async function doorPlace(runDir: string): Promise<DoorPlace> {
  const name = await doorName(runDir);
  const folder = doorFolders().find((dir) => Buffer.byteLength(placeIn(dir, name).socket) < maxSocketPathBytes);
  if (!folder)
    throw new UserError(
      "No folder with a short enough path was found for the run's socket.",
      "Set XDG_RUNTIME_DIR to a short path.",
    );
  await makePrivate(folder);
  return placeIn(folder, name);
}

/** Every place at which a trainer may have opened this run's door; it may have seen another XDG_RUNTIME_DIR than we. */
export async function possibleDoorPlaces(runDir: string): Promise<readonly DoorPlace[]> {
  const name = await doorName(runDir);
  const places: DoorPlace[] = [];
  for (const folder of doorFolders()) if (await isPrivate(folder)) places.push(placeIn(folder, name));
  return places;
}

/** The token that guards a door; undefined when there is none. Links and files of other users are not believed. */
export async function readDoorToken({ tokenFile }: DoorPlace): Promise<string | undefined> {
  try {
    const handle = await open(tokenFile, constants.O_RDONLY | (windows ? 0 : constants.O_NOFOLLOW));
    try {
      const { uid, mode, size } = await handle.stat();
      if (size > maxTokenBytes || !(windows || (uid === process.getuid?.() && (mode & 0o077) === 0))) return undefined;
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function doorName(runDir: string): Promise<string> {
  return createHash("sha256")
    .update(await realpath(runDir))
    .digest("hex")
    .slice(0, 24);
}

function doorFolders(): readonly string[] {
  if (windows) return [join(tmpdir(), `trainscope-${userInfo().username}`)];
  const user = process.getuid?.() ?? 0;
  const runtime = process.env["XDG_RUNTIME_DIR"];
  const folders = [
    ...(runtime?.startsWith("/") ? [join(runtime, "trainscope")] : []),
    join(tmpdir(), `trainscope-${user}`),
    `/tmp/trainscope-${user}`,
    `/run/user/${user}/trainscope`,
  ];
  return [...new Set(folders)];
}

function placeIn(folder: string, name: string): DoorPlace {
  return {
    socket: windows ? `\\\\.\\pipe\\trainscope-${name}` : join(folder, `${name}.sock`),
    tokenFile: join(folder, `${name}.token`),
  };
}

async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (await isPrivate(folder)) return;
  throw new UserError(
    `The folder ${folder} for the sockets of runs belongs to someone else or lets others in.`,
    `Remove it, or make it yours alone: chmod 700 ${folder}`,
  );
}

async function isPrivate(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder);
    return found.isDirectory() && (windows || (found.uid === process.getuid?.() && (found.mode & 0o077) === 0));
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
