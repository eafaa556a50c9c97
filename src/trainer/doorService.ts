// The trainer's side of the door: who is let in, who is told what, and which asks reach the training.
import { timingSafeEqual } from "node:crypto";
import { deferred } from "#base/deferred";
import { UserError } from "#base/errors";
import type { LookProgress } from "#model/checkpointLook";
import type { NonFiniteSearch } from "#model/diagnosis";
import type { RunEnd, RunProgress } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import { openDoor, type Door } from "#node/door";
import { maxFrameBytes, type SocketPipe } from "#node/socketPipe";
import { openChannel, type Channel } from "#protocol/channel";
import {
  doorProtocol,
  type CheckpointSaved,
  type ClientSide,
  type Hello,
  type TrainerAsks,
  type TrainerSide,
  type TrainerStatus,
} from "#protocol/doorApi";
import { doorChecks } from "#protocol/doorChecks";
import { programVersion } from "#protocol/version";
import { ClientFeed } from "./clientFeed";

/** What clients may ask once they are in. */
export type TrainingAsks = Omit<TrainerAsks, "hello">;

interface Client {
  readonly pipe: SocketPipe;
  readonly channel: Channel<ClientSide>;
  readonly feed: ClientFeed;
}

const helloFrameBytes = 64 * 1024;
const helloLimitMs = 5000;

/** Serves a run's door. Strangers get one clear sentence; the training never waits for anybody. */
export class DoorService {
  readonly #clients = new Set<Client>();
  readonly #first = deferred<void>();
  readonly #welcome = deferred<void>();
  #door: Door | undefined;

  constructor(
    private readonly run: { readonly dir: string; readonly token: string },
    private readonly asks: TrainingAsks,
    private readonly status: () => TrainerStatus,
  ) {}

  /** Throws UserError when another trainer lives in the folder. */
  async open(): Promise<void> {
    this.#door = await openDoor({ runDir: this.run.dir, token: this.run.token }, (pipe) => this.#serve(pipe));
  }

  /** From now on who says hello is answered: what they may read of the run is on disk. */
  welcome(): void {
    this.#welcome.resolve();
  }

  /** Waits until somebody was let in, or for so long. */
  async firstClient(limitMs: number): Promise<void> {
    const late = setTimeout(() => this.#first.resolve(), limitMs);
    await this.#first.promise;
    clearTimeout(late);
  }

  scalarsRecorded(batches: readonly ScalarBatch[]): void {
    for (const { feed } of this.#clients) feed.scalars(batches);
  }

  progressed(progress: RunProgress): void {
    for (const { feed } of this.#clients) feed.progress(progress);
  }

  checkpointSaved(saved: CheckpointSaved): void {
    for (const { channel } of this.#clients) channel.tell.checkpointSaved(saved);
  }

  restoreProgressed(progress: LookProgress): void {
    for (const { channel } of this.#clients) channel.tell.restoreProgressed(progress);
  }

  checkpointsChanged(): void {
    for (const { channel } of this.#clients) channel.tell.checkpointsChanged({});
  }

  nonFiniteSearched(search: NonFiniteSearch): void {
    for (const { channel } of this.#clients) channel.tell.nonFiniteSearched(search);
  }

  noticed(text: string): void {
    for (const { channel } of this.#clients) channel.tell.noticed({ text });
  }

  /** Tells the end, sends what is still queued as far as clients take it, and closes. */
  async close(end: RunEnd): Promise<void> {
    for (const { channel, feed } of this.#clients) {
      feed.flush();
      channel.tell.ended(end);
    }
    await this.#door?.close();
  }

  #serve(pipe: SocketPipe): void {
    let client: Client | undefined;
    pipe.limitFrames(helloFrameBytes);
    const late = setTimeout(() => pipe.dispose(), helloLimitMs);
    const hello = async (said: Hello): Promise<TrainerStatus> => {
      const refusal = this.#refusal(said);
      if (refusal) {
        // After the answer is on its way, which is after this call has returned.
        setImmediate(() => pipe.dispose());
        throw refusal;
      }
      clearTimeout(late);
      pipe.limitFrames(maxFrameBytes);
      await this.#welcome.promise;
      // The status first: what is told from now on continues it.
      const status = this.status();
      if (!client) {
        client = { pipe, channel, feed: new ClientFeed({ tell: channel.tell, queuedBytes: () => pipe.queuedBytes }) };
        const { feed } = client;
        pipe.onDrained(() => feed.flush());
        this.#clients.add(client);
        this.#first.resolve();
      }
      return status;
    };
    const guarded = Object.fromEntries(
      Object.entries(this.asks).map(([name, ask]) => [
        name,
        async (argument: never) => {
          if (!client) throw new UserError(`"${name}" was asked before hello.`);
          return (ask as (argument: never) => Promise<unknown>)(argument);
        },
      ]),
    ) as unknown as TrainingAsks;
    const channel = openChannel<TrainerSide, ClientSide>(pipe, { asks: { ...guarded, hello }, tells: {} }, doorChecks);
    channel.onClose(() => {
      clearTimeout(late);
      if (client) this.#clients.delete(client);
    });
  }

  #refusal({ protocol, token, version }: Hello): UserError | undefined {
    if (!sameText(token, this.run.token)) return new UserError("The token is not this run's: the door stays closed.");
    if (protocol === doorProtocol) return undefined;
    return new UserError(
      `This run was started by Trainscope ${programVersion} (protocol ${doorProtocol}); ${version} speaks protocol ${protocol}.`,
      "Use the version that started the run, or wait for its end.",
    );
  }
}

function sameText(said: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(said), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
