import { describe, expect, test, vi } from "vitest";
import { deferred, type Deferred } from "#base/deferred";
import { FormatError, UserError } from "#base/errors";
import { ChannelClosed, openChannel, type Pipe } from "#protocol/channel";
import { memoryPipes } from "../../support/memoryPipe";

interface Far {
  readonly asks: {
    double(argument: { n: number }): Promise<number>;
    fail(argument: { how: string }): Promise<never>;
    never(argument: object): Promise<void>;
  };
  readonly tells: { noted(text: string): void };
}
interface Near {
  readonly asks: Record<never, never>;
  readonly tells: Record<never, never>;
}
const nothing: Near = { asks: {}, tells: {} };

function connected(notes: string[] = []) {
  const [near, far] = memoryPipes();
  openChannel<Far, Near>(far, {
    asks: {
      double: async ({ n }) => 2 * n,
      fail: async ({ how }) => {
        if (how === "user") throw new UserError("The disk is full.", "freeSpace");
        if (how === "format") throw new FormatError("badMagic", "not a table");
        throw new Error("a mistake");
      },
      never: () => new Promise(() => undefined),
    },
    tells: { noted: (text) => void notes.push(text) },
  }, { double: (argument) => checkedNumber(argument) });
  return { channel: openChannel<Near, Far>(near, nothing), near, far };
}

function checkedNumber(argument: unknown): { n: number } {
  const n = (argument as { n?: unknown }).n;
  if (typeof n !== "number") throw new Error("n must be a number");
  return { n };
}

describe("channel", () => {
  test("an ask is answered, several at once in any order", async () => {
    const { channel } = connected();
    expect(await Promise.all([1, 2, 3].map((n) => channel.ask.double({ n })))).toEqual([2, 4, 6]);
  });
  test("what one page asked is not answered to the page that came after it on the same pipe", async () => {
    const [page, host] = memoryPipes();
    const asked: Deferred<number>[] = [];
    openChannel<Pick<Far, "asks"> & Near, Near>(host, {
      asks: {
        double: ({ n }) => {
          const answer = deferred<number>();
          asked[n] = answer;
          return answer.promise;
        },
        fail: () => Promise.reject(new Error("not here")), never: () => new Promise(() => undefined),
      },
      tells: {},
    });
    const answers: string[] = [];
    // The first page is gone without a word: only its script has ended.
    for (const n of [0, 1]) void openChannel<Near, Far>(page, nothing).ask.double({ n }).then((doubled) => answers.push(`${n}: ${doubled}`));
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[0]?.resolve(0);
    asked[1]?.resolve(2);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(answers.sort()).toEqual(["0: 0", "1: 2"]);
  });
  test("a tell arrives", async () => {
    const notes: string[] = [];
    const { channel } = connected(notes);
    channel.tell.noted("hello");
    await channel.ask.double({ n: 0 });
    expect(notes).toEqual(["hello"]);
  });
  test("a refusal keeps the family of the error", async () => {
    const { channel } = connected();
    await expect(channel.ask.fail({ how: "user" })).rejects.toMatchObject({ name: "UserError", action: "freeSpace" });
    await expect(channel.ask.fail({ how: "format" })).rejects.toBeInstanceOf(FormatError);
    await expect(channel.ask.fail({ how: "bug" })).rejects.toThrow("a mistake");
  });
  test("an argument of the wrong shape is refused before the method sees it", async () => {
    const { channel } = connected();
    await expect(channel.ask.double({ n: "2" } as unknown as { n: number })).rejects.toThrow("n must be a number");
  });
  test("an unknown ask is refused by name, also one from the prototype", async () => {
    const { channel } = connected();
    const ask = channel.ask as unknown as Record<string, (argument: object) => Promise<unknown>>;
    await expect(ask["nonsense"]?.({})).rejects.toThrow('"nonsense"');
    await expect(ask["toString"]?.({})).rejects.toThrow('"toString"');
  });
  test("closing either end settles what is under way, and later asks", async () => {
    const { channel, far } = connected();
    const waiting = channel.ask.never({});
    far.dispose();
    await expect(waiting).rejects.toBeInstanceOf(ChannelClosed);
    await expect(channel.ask.double({ n: 1 })).rejects.toBeInstanceOf(ChannelClosed);
  });
  test("what is not a message is ignored", async () => {
    const { channel, far } = connected();
    for (const junk of [undefined, 7, "x", {}, { kind: "answer" }, { kind: "tell" }, null]) (far as Pipe).post(junk);
    expect(await channel.ask.double({ n: 4 })).toBe(8);
  });
});
