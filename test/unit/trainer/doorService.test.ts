import { afterEach, describe, expect, test } from "vitest";
import { UserError } from "#base/errors";
import { RunConnection } from "#host/runs/runConnection";
import type { ScalarBatch } from "#model/scalars";
import { connectDoor } from "#node/door";
import { openChannel, type Channel } from "#protocol/channel";
import { doorProtocol, type ClientSide, type TrainerSide, type TrainerStatus } from "#protocol/doorApi";
import { DoorService, type TrainingAsks } from "#trainer/doorService";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const opened: DoorService[] = [];
const token = "t".repeat(64);

afterEach(async () => {
  for (const service of opened.splice(0)) await service.close({ how: "stopped" });
});

const quiet: ClientSide["tells"] = {
  scalarsRecorded: () => undefined,
  checkpointSaved: () => undefined,
  checkpointsChanged: () => undefined,
  restoreProgressed: () => undefined,
  progressed: () => undefined,
  nonFiniteSearched: () => undefined,
  noticed: () => undefined,
  ended: () => undefined,
};

const saved = { prefix: "model-3", step: 3 };
const asks: TrainingAsks = {
  stop: async () => undefined,
  save: async () => saved,
  preflight: async () => {
    throw new UserError("No such checkpoint.", "Choose another.");
  },
  restore: async ({ prefix }) => ({ prefix, step: 1, variables: 2 }),
  prune: async () => ({ trash: ".trash/x" }),
  undoPrune: async () => ({ prefixes: [], tookBack: [] }),
  stepTimes: async () => ({ samples: 0, everySeconds: 2, names: [], milliseconds: new Float64Array(), liveBytes: new Float64Array(), handedOver: false }),
  searchNonFinite: async () => ({ runs: 0 }),
  change: async () => undefined,
  restorePart: () => Promise.reject(new Error("not asked here")),
  undoRestore: () => Promise.reject(new Error("not asked here")),
  cancelRestore: async () => undefined,
};

async function serve(): Promise<{ service: DoorService; dir: string }> {
  const dir = await temporary.folder("run");
  const status = (): TrainerStatus => ({ version: "1", runDir: dir, pid: process.pid, progress: { step: 3 } });
  const service = new DoorService({ dir, token }, asks, status);
  await service.open();
  service.welcome();
  opened.push(service);
  return { service, dir };
}

/** A client that has not said hello. */
async function knock(dir: string): Promise<{ channel: Channel<TrainerSide>; closed: Promise<string> }> {
  const connection = await connectDoor(dir);
  if (!connection) throw new Error("the door is shut");
  const channel = openChannel<ClientSide, TrainerSide>(connection.pipe, { asks: {}, tells: quiet });
  return { channel, closed: new Promise((resolve) => channel.onClose(resolve)) };
}

describe("at the door", () => {
  test("a client with the token is let in and learns where the training stands", async () => {
    const { dir } = await serve();
    const { channel } = await knock(dir);
    const status = await channel.ask.hello({ protocol: doorProtocol, version: "x", token });
    expect(status).toMatchObject({ runDir: dir, progress: { step: 3 } });
    expect(await channel.ask.save({})).toEqual(saved);
    channel.dispose();
  });
  test("a wrong token gets one sentence and the end of the connection", async () => {
    const { channel, closed } = await knock((await serve()).dir);
    await expect(channel.ask.hello({ protocol: doorProtocol, version: "x", token: "guess" })).rejects.toThrow("The token is not this run's");
    expect(await closed).toMatch(/closed/);
  });
  test("another protocol gets one sentence that names both versions", async () => {
    const { channel, closed } = await knock((await serve()).dir);
    await expect(channel.ask.hello({ protocol: 99, version: "9.9.9", token })).rejects.toThrow(/protocol 1\); 9\.9\.9 speaks protocol 99/);
    await closed;
  });
  test("nothing is answered before hello", async () => {
    const { channel } = await knock((await serve()).dir);
    for (const ask of [channel.ask.save({}), channel.ask.stop({}), channel.ask.restore({ prefix: "model-1" })]) {
      await expect(ask).rejects.toThrow(/before hello/);
    }
    channel.dispose();
  });
  test("nothing is told before hello", async () => {
    const { service, dir } = await serve();
    const connection = await connectDoor(dir);
    const told: unknown[] = [];
    connection?.pipe.onMessage((message) => told.push(message));
    service.noticed("a secret");
    const channel = connection && openChannel<ClientSide, TrainerSide>(connection.pipe, { asks: {}, tells: quiet });
    await channel?.ask.hello({ protocol: doorProtocol, version: "x", token });
    expect(JSON.stringify(told)).not.toContain("secret");
    channel?.dispose();
  });
  test("an argument of the wrong shape is refused with the place", async () => {
    const { channel } = await knock((await serve()).dir);
    await channel.ask.hello({ protocol: doorProtocol, version: "x", token });
    await expect(channel.ask.restore({ prefix: 5 } as never)).rejects.toThrow(/"restore" has the wrong shape at prefix/);
    await expect(channel.ask.prune({ deletes: [{ files: "all" }] } as never)).rejects.toThrow(/"prune" has the wrong shape at deletes/);
    channel.dispose();
  });
  test("an unknown ask is refused by name", async () => {
    const { channel } = await knock((await serve()).dir);
    await channel.ask.hello({ protocol: doorProtocol, version: "x", token });
    const ask = channel.ask as unknown as Record<string, (argument: object) => Promise<unknown>>;
    await expect(ask["format"]?.({})).rejects.toThrow(/there is no "format"/);
    await expect(ask["constructor"]?.({})).rejects.toThrow(/there is no "constructor"/);
    channel.dispose();
  });
  test("a sentence for the person keeps its family and its action", async () => {
    const { dir } = await serve();
    const connection = await RunConnection.connect(dir);
    const refusal = await connection?.ask.preflight({ prefix: "x" }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as UserError).action).toBe("Choose another.");
    connection?.dispose();
  });
});

describe("clients of one run", () => {
  const batch: ScalarBatch = { tag: "loss", steps: Float64Array.of(1), values: Float64Array.of(0.5), wallTimeSeconds: Float64Array.of(9) };
  test("are all told the same", async () => {
    const { service, dir } = await serve();
    const clients = [await RunConnection.connect(dir), await RunConnection.connect(dir)];
    const told = clients.map((client) => new Promise((resolve) => client?.onScalars(resolve)));
    service.scalarsRecorded([batch]);
    expect(await Promise.all(told)).toEqual([[batch], [batch]]);
    for (const client of clients) client?.dispose();
  });
  test("keep the newest progress in their status", async () => {
    const { service, dir } = await serve();
    const connection = await RunConnection.connect(dir);
    const told = new Promise((resolve) => connection?.onProgress(resolve));
    service.progressed({ step: 8, of: 10 });
    await told;
    expect(connection?.status.progress).toEqual({ step: 8, of: 10 });
    connection?.dispose();
  });
  test("learn the end, and what was told just before it", async () => {
    const { service, dir } = await serve();
    const connection = await RunConnection.connect(dir);
    const told = new Promise((resolve) => connection?.onScalars(resolve));
    service.scalarsRecorded([batch]);
    await service.close({ how: "finished", step: 10, exitCode: 0 });
    expect(await told).toEqual([batch]);
    expect(await connection?.ended).toEqual({ how: "finished", step: 10, exitCode: 0 });
    expect(() => connection?.ask).toThrow(/has ended/);
  });
  test("are waited for once, as training begins", async () => {
    const { service, dir } = await serve();
    const first = service.firstClient(60_000);
    const connection = await RunConnection.connect(dir);
    await first;
    await service.firstClient(60_000);
    connection?.dispose();
  });
});

test("a folder without a trainer has no connection", async () => {
  expect(await RunConnection.connect(await temporary.folder("empty"))).toBeUndefined();
});
