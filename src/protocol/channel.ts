// Asking and telling over any pipe: the only remote procedure call in the project.
import { deferred, type Deferred } from "#base/deferred";
import { Emitter, type Event } from "#base/emitter";
import { FormatError, messageOf, UserError } from "#base/errors";
import { Lifetime, type Disposable } from "#base/lifetime";

/** What carries messages: a socket, a worker's port, a webview. Messages must survive structured clone. */
export interface Pipe extends Disposable {
  post(message: unknown): void;
  readonly onMessage: Event<unknown>;
  /** Fires once, with the reason; also after our own `dispose`. */
  readonly onClose: Event<string>;
}

/** One side of a border: what it can be asked (answers a promise) and told (answers nothing). */
export interface Side {
  readonly asks: object;
  readonly tells: object;
}

/** Checks an argument that comes from outside and returns it, or throws. By name of the ask or tell. */
export type Checks<S extends Side> = { readonly [K in keyof S["asks"] | keyof S["tells"]]?: (argument: unknown) => unknown };

/** Our end of a border whose far side is `Theirs`. Every ask settles: answered, refused, or closed. */
export interface Channel<Theirs extends Side> extends Disposable {
  readonly ask: Theirs["asks"];
  readonly tell: Theirs["tells"];
  readonly onClose: Event<string>;
}

/** An ask that was under way, or came, when the pipe closed. */
export class ChannelClosed extends Error {
  override readonly name = "ChannelClosed";
}

type Message =
  | { readonly kind: "ask"; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly error: WireError }
  | { readonly kind: "tell"; readonly name: string; readonly argument: unknown };

interface WireError {
  readonly family: "format" | "user" | "other";
  readonly message: string;
  readonly action?: string;
}

type Call = (argument: unknown) => unknown;

/** Opens a channel on a pipe: `mine` answers what the far side asks, the result asks and tells the far side. */
export function openChannel<Mine extends Side, Theirs extends Side>(
  pipe: Pipe,
  mine: Mine,
  checks: Checks<Mine> = {},
): Channel<Theirs> {
  const life = new Lifetime();
  const pending = new Map<number, Deferred<unknown>>();
  const closed = life.own(new Emitter<string>());
  // A page that is loaded anew speaks over the pipe of the one before it, whose answers are still under way: they must not fit its asks.
  let nextId = Math.floor(Math.random() * 2 ** 48);
  let closedWhy: string | undefined;

  const answer = async (message: Message & { kind: "ask" }): Promise<void> => {
    try {
      const value = await call(mine.asks, message, checks);
      if (closedWhy === undefined) pipe.post({ kind: "answer", id: message.id, value });
    } catch (error) {
      if (closedWhy === undefined) pipe.post({ kind: "refusal", id: message.id, error: toWire(error) });
    }
  };
  const take = (message: Message & { kind: "tell" }): void => {
    try {
      call(mine.tells, message, checks);
    } catch (error) {
      // Nobody waits for a tell, so the one place left for its failure is the end of the conversation.
      close(`the far side told "${message.name}", which failed here: ${messageOf(error)}`);
      pipe.dispose();
    }
  };
  const settle = (id: number): Deferred<unknown> | undefined => {
    const waiting = pending.get(id);
    pending.delete(id);
    return waiting;
  };
  const receive = (received: unknown): void => {
    if (!isMessage(received)) return;
    if (received.kind === "ask") void answer(received);
    else if (received.kind === "tell") take(received);
    else if (received.kind === "answer") settle(received.id)?.resolve(received.value);
    else settle(received.id)?.reject(fromWire(received.error));
  };
  const close = (why: string): void => {
    if (closedWhy !== undefined) return;
    closedWhy = why;
    for (const waiting of pending.values()) waiting.reject(new ChannelClosed(why));
    pending.clear();
    closed.fire(why);
    life.dispose();
  };
  const ask = (name: string, argument: unknown): Promise<unknown> => {
    if (closedWhy !== undefined) return Promise.reject(new ChannelClosed(closedWhy));
    const waiting = deferred<unknown>();
    const id = nextId++;
    pending.set(id, waiting);
    pipe.post({ kind: "ask", id, name, argument });
    return waiting.promise;
  };
  const tell = (name: string, argument: unknown): void => {
    if (closedWhy === undefined) pipe.post({ kind: "tell", name, argument });
  };

  life.own(pipe.onMessage(receive));
  life.own(pipe.onClose(close));
  return {
    ask: byName(ask) as Theirs["asks"],
    tell: byName(tell) as Theirs["tells"],
    onClose: closed.event,
    dispose: () => {
      close("closed by this side");
      pipe.dispose();
    },
  };
}

function byName(send: (name: string, argument: unknown) => unknown): object {
  return new Proxy({}, {
    // A channel is not a promise: answering `then` would make `await channel.ask` send a message.
    get: (_, name) => (typeof name === "string" && name !== "then" ? (argument: unknown) => send(name, argument) : undefined),
  });
}

function call<S extends Side>(
  functions: object,
  { name, argument }: { readonly name: string; readonly argument: unknown },
  checks: Checks<S>,
): unknown {
  const known = Object.prototype.hasOwnProperty.call(functions, name);
  const method = known ? (functions as Record<string, Call>)[name] : undefined;
  if (!method) throw new Error(`there is no "${name}" on this side; the two programs may be of different versions`);
  const check = (checks as Record<string, Call | undefined>)[name];
  return method.call(functions, check ? check(argument) : argument);
}

function isMessage(received: unknown): received is Message {
  if (typeof received !== "object" || received === null) return false;
  const { kind, id, name } = received as { kind?: unknown; id?: unknown; name?: unknown };
  if (kind === "tell") return typeof name === "string";
  if (kind === "ask") return typeof name === "string" && typeof id === "number";
  return (kind === "answer" || kind === "refusal") && typeof id === "number";
}

function toWire(error: unknown): WireError {
  if (error instanceof UserError) return { family: "user", message: error.message, action: error.action };
  return { family: error instanceof FormatError ? "format" : "other", message: messageOf(error) };
}

function fromWire(error: WireError): Error {
  if (error.family === "user") return new UserError(error.message, error.action);
  return error.family === "format" ? new FormatError("malformed", error.message) : new Error(error.message);
}
