// The door of a run: the one local socket at which its trainer is reached, and how a client finds it.
import { randomBytes } from "node:crypto";
import { mkdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { messageOf, UserError } from "#base/errors";
import { doorPlace, possibleDoorPlaces, readDoorToken, type DoorPlace } from "./doorPlace";
import { codeOf } from "./files";
import { socketPipe, type SocketPipe } from "./socketPipe";

/** An open door. Closing it removes its socket and its token. */
export interface Door {
  readonly place: DoorPlace;
  close(): Promise<void>;
}

/** What a client found at a door: the pipe, and the token to say hello with. */
export interface DoorConnection {
  readonly pipe: SocketPipe;
  readonly token: string;
}

const connectLimitMs = 5000;
const lockAgeMs = 10_000;

/** A token that cannot be guessed. */
export function makeDoorToken(): string {
  return randomBytes(32).toString("hex");
}

/**
 * Opens the door of a run and hands over every connection. A socket that a dead trainer left is replaced.
 * Throws UserError when a trainer lives behind it.
 */
export async function openDoor(
  { runDir, token }: { readonly runDir: string; readonly token: string },
  onPipe: (pipe: SocketPipe) => void,
): Promise<Door> {
  const place = await doorPlace(runDir);
  const unlock = await lock(place);
  try {
    if (await answers(place))
      throw new UserError(`A run is training in ${runDir}.`, "Stop it first, or choose another folder.");
    if (process.platform !== "win32") await rm(place.socket, { force: true });
    await rm(place.tokenFile, { force: true });
    await writeFile(place.tokenFile, token, { mode: 0o600, flag: "wx" });
    const sockets = new Set<Socket>();
    const server = await listen(place.socket, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      onPipe(socketPipe(socket));
    });
    return { place, close: () => close({ place, server, sockets }) };
  } finally {
    await unlock();
  }
}

/** Connects to a run's door; undefined when no trainer is behind it. */
export async function connectDoor(runDir: string): Promise<DoorConnection | undefined> {
  for (const place of await possibleDoorPlaces(runDir)) {
    const token = await readDoorToken(place);
    const socket = token === undefined ? undefined : await connect(place.socket);
    if (token !== undefined && socket) return { pipe: socketPipe(socket), token };
  }
  return undefined;
}

async function answers({ socket }: DoorPlace): Promise<boolean> {
  const connection = await connect(socket);
  connection?.destroy();
  return connection !== undefined;
}

/** A connected socket; undefined when nobody listens there. */
function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const late = setTimeout(() => {
      socket.destroy();
      resolve(undefined);
    }, connectLimitMs);
    socket.once("connect", () => {
      clearTimeout(late);
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(late);
      const nobody = ["ENOENT", "ECONNREFUSED", "ECONNRESET", "ENOTSOCK", "EPIPE"].includes(codeOf(error) ?? "");
      if (nobody) resolve(undefined);
      else reject(new Error(`the door ${path} cannot be reached: ${messageOf(error)}`));
    });
  });
}

function listen(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onSocket);
    server.once("error", reject);
    server.listen(path, () => {
      server.removeListener("error", reject);
      resolve(server);
    });
  });
}

async function close({
  place,
  server,
  sockets,
}: {
  place: DoorPlace;
  server: Server;
  sockets: ReadonlySet<Socket>;
}): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Before the clients learn of the end: they may start a new trainer at once, whose files must not be removed.
  await rm(place.tokenFile, { force: true });
  if (process.platform !== "win32") await rm(place.socket, { force: true });
  for (const socket of sockets) socket.destroySoon();
  await Promise.race([closed, limit(1000)]);
  for (const socket of sockets) socket.destroy();
}

/** Two trainers must not both find the same stale socket and replace each other's: a folder is the lock. */
async function lock({ tokenFile }: DoorPlace): Promise<() => Promise<void>> {
  const folder = `${tokenFile}.lock`;
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await mkdir(folder);
      return () => rmdir(folder);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      const age = await stat(folder).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > lockAgeMs) await rm(folder, { recursive: true, force: true });
      else await limit(50);
    }
  }
  throw new UserError("Another program is opening this run's door.", "Try again in a moment.");
}

function limit(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
