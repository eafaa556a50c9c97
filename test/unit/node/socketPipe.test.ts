import { createConnection, createServer, type Server, type Socket } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeFrame, maxFrameBytes, socketPipe, type SocketPipe } from "#node/socketPipe";

let folder: string;
let server: Server;
let client: Socket;
let pipe: SocketPipe;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pipe-"));
  const path = process.platform === "win32" ? `\\\\.\\pipe\\${folder.slice(-8)}` : join(folder, "s");
  const accepted = new Promise<Socket>((resolve) => (server = createServer(resolve)));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  client = createConnection(path);
  client.on("error", () => client.destroy());
  pipe = socketPipe(await accepted, { maxQueuedBytes: 8 * 1024 * 1024 });
});

afterEach(async () => {
  client.destroy();
  pipe.dispose();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await rm(folder, { recursive: true });
});

const received = (count: number): Promise<unknown[]> =>
  new Promise((resolve) => {
    const messages: unknown[] = [];
    pipe.onMessage((message) => messages.push(message) === count && resolve(messages));
  });
const closed = (): Promise<string> => new Promise((resolve) => pipe.onClose(resolve));

describe("messages", () => {
  test("cross with their typed arrays, however the bytes are cut", async () => {
    const batch = { tag: "loss", steps: Float64Array.of(1, 2), values: Float64Array.of(0.5, Number.NaN) };
    const all = received(2);
    for (const byte of Buffer.concat([encodeFrame(batch), encodeFrame("next")])) client.write(Uint8Array.of(byte));
    expect(await all).toEqual([batch, "next"]);
  });
  test("come out without holding on to the chunk of the stream they came in", async () => {
    const first = received(1);
    client.write(encodeFrame(Float64Array.of(1)));
    const [values] = await first;
    expect((values as Float64Array).buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize);
  });
  test("posted before dispose still arrive", async () => {
    const bytes: Buffer[] = [];
    client.on("data", (chunk: Buffer) => bytes.push(chunk));
    const ended = new Promise((resolve) => client.on("close", resolve));
    pipe.post("last words");
    pipe.dispose();
    await ended;
    expect(Buffer.concat(bytes)).toEqual(encodeFrame("last words"));
  });
});

describe("a far side that does not follow the protocol", () => {
  const length = (bytes: number): Buffer => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(bytes);
    return header;
  };
  const hostile: readonly (readonly [string, Buffer])[] = [
    ["a length beyond the cap", length(maxFrameBytes + 1)],
    ["a body that is no structured clone", Buffer.concat([length(4), Buffer.from("nope")])],
    ["an empty body", length(0)],
    ["a clone that is cut short", Buffer.concat([length(10), serialize({ a: "0123456789" }).subarray(0, 10)])],
    ["a typed array longer than its frame", Buffer.concat([length(8), Buffer.from([0xff, 0x0f, 0x5c, 0x0a, 0xff, 0xff, 0xff, 0x7f])])],
  ];
  test.each(hostile)("is cut off: %s", async (_, bytes) => {
    const why = closed();
    client.write(bytes);
    expect(await why).toMatch(/no message/);
  });
  test("is cut off at a lowered cap", async () => {
    pipe.limitFrames(16);
    const why = closed();
    client.write(encodeFrame("more than sixteen bytes"));
    expect(await why).toMatch(/at most 16/);
  });
  test("is cut off when it takes nothing it is sent", async () => {
    client.pause();
    const why = closed();
    for (let sent = 0; sent < 20; sent++) pipe.post(new Uint8Array(1024 * 1024));
    expect(await why).toMatch(/does not take/);
  });
});

test("the reason for closing is told once", async () => {
  const reasons: string[] = [];
  pipe.onClose((why) => reasons.push(why));
  const ended = new Promise((resolve) => client.on("close", resolve));
  client.destroy();
  await ended;
  pipe.dispose();
  pipe.dispose();
  expect(reasons.length).toBeLessThanOrEqual(1);
});
