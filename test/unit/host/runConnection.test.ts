import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { RunConnection } from "#host/runs/runConnection";
import type { RunRecord } from "#model/run";
import { openDoor, type Door } from "#node/door";
import { writeRunRecord } from "#node/runRecord";
import type { SocketPipe } from "#node/socketPipe";
import { openChannel } from "#protocol/channel";
import type { ClientSide, TrainerSide, TrainerStatus } from "#protocol/doorApi";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();

interface Fake {
  readonly dir: string;
  readonly door: Door;
  readonly pipes: SocketPipe[];
  readonly arrived: () => Promise<void>;
}

/** A door behind which there is no training, only manners. `pid` is whose life it claims. */
async function fakeTrainer(pid: number): Promise<Fake> {
  const dir = await temporary.folder("run");
  const pipes: SocketPipe[] = [];
  let waiting: (() => void)[] = [];
  const refuse = async (): Promise<never> => {
    throw new Error("not here");
  };
  const door = await openDoor({ runDir: dir, token: "t" }, (pipe) => {
    const status: TrainerStatus = { version: "1", runDir: dir, pid };
    const hello = async (): Promise<TrainerStatus> => {
      pipes.push(pipe);
      for (const resolve of waiting) resolve();
      waiting = [];
      return status;
    };
    const asks = { hello, stop: async () => undefined, save: refuse, preflight: refuse, restore: refuse, prune: refuse, undoPrune: refuse, stepTimes: refuse, searchNonFinite: refuse, change: refuse, restorePart: refuse, undoRestore: refuse, cancelRestore: refuse };
    openChannel<TrainerSide, ClientSide>(pipe, { asks, tells: {} });
  });
  return { dir, door, pipes, arrived: () => new Promise((resolve) => waiting.push(resolve)) };
}

async function connect(dir: string): Promise<RunConnection> {
  const connection = await RunConnection.connect(dir);
  if (!connection) throw new Error("nobody is there");
  return connection;
}

/** A process that is surely gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}

const record = (part: Partial<RunRecord>): RunRecord => ({ version: 1, script: "/s", args: [], startedSeconds: 1, state: "running", ...part });

describe("a connection that breaks", () => {
  test("comes back by itself while the door answers, and hears what is told then", async () => {
    const { dir, door, pipes, arrived } = await fakeTrainer(process.pid);
    const connection = await connect(dir);
    const again = arrived();
    pipes[0]?.dispose();
    await again;
    const told = new Promise((resolve) => connection.onProgress(resolve));
    pipes[1]?.post({ kind: "tell", name: "progressed", argument: { step: 4 } });
    expect(await told).toEqual({ step: 4 });
    connection.dispose();
    await door.close();
  });
  test("ends with what run.json says when the run has written its end", async () => {
    const pid = await deadPid();
    const { dir, door } = await fakeTrainer(pid);
    const connection = await connect(dir);
    await writeRunRecord(dir, record({ pid, state: "failed", end: { how: "failed", exitCode: 1, error: "NaN", step: 9 } }));
    await door.close();
    expect(await connection.ended).toEqual({ how: "failed", exitCode: 1, error: "NaN", step: 9 });
  });
  test("ends as lost when the process is gone without a word", async () => {
    const pid = await deadPid();
    const { dir, door } = await fakeTrainer(pid);
    const connection = await connect(dir);
    await writeRunRecord(dir, record({ pid }));
    await door.close();
    expect(await connection.ended).toMatchObject({ how: "lost" });
  });
  test("does not take the end of an earlier run in the folder for its own", async () => {
    const pid = await deadPid();
    const { dir, door } = await fakeTrainer(pid);
    const connection = await connect(dir);
    await writeRunRecord(dir, record({ pid: pid + 1, state: "finished", end: { how: "finished" } }));
    await door.close();
    expect(await connection.ended).toMatchObject({ how: "lost" });
  });
});

test("the end that was told counts once the door is shut", async () => {
  const { dir, door, pipes } = await fakeTrainer(process.pid);
  const connection = await connect(dir);
  pipes[0]?.post({ kind: "tell", name: "ended", argument: { how: "finished", step: 3 } });
  await door.close();
  expect(await connection.ended).toEqual({ how: "finished", step: 3 });
  expect(await RunConnection.connect(dir)).toBeUndefined();
});

test("nothing is told after dispose", async () => {
  const { dir, door, pipes } = await fakeTrainer(process.pid);
  const connection = await connect(dir);
  const told: unknown[] = [];
  connection.onEnded((end) => told.push(end));
  const closed = new Promise((resolve) => pipes[0]?.onClose(resolve));
  connection.dispose();
  await closed;
  await door.close();
  expect(told).toEqual([]);
});
