// A pipe over a worker's port, from either side.
import { Emitter } from "#base/emitter";
import type { Pipe } from "#protocol/channel";

/** What both ends of a worker have in common. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "close" | "exit", listener: (code?: number) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** `end` lets go of the port: a worker is ended by it, a worker's own port closed. */
export function workerPipe(port: Port, end: () => void): Pipe {
  const message = new Emitter<unknown>();
  const closed = new Emitter<string>();
  let why: string | undefined;
  const close = (reason: string): void => {
    if (why !== undefined) return;
    why = reason;
    closed.fire(reason);
  };
  port.on("message", (received) => message.fire(received));
  port.on("error", (error) => close(`the reader failed: ${error.message}`));
  port.on("exit", (code) => close(`the reader ended with code ${code ?? 0}`));
  port.on("close", () => close("the reader's port was closed"));
  return {
    post: (sent) => {
      if (why === undefined) port.postMessage(sent);
    },
    onMessage: message.event,
    onClose: closed.event,
    dispose: () => {
      close("closed by this side");
      end();
    },
  };
}
