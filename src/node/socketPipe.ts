// A socket as a pipe of messages: frames of a length (uint32, little-endian) and a structured clone, with a cap.
import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";
import { Emitter, type Event } from "#base/emitter";
import { messageOf } from "#base/errors";
import type { Pipe } from "#protocol/channel";

/** No frame is larger, in either direction. */
export const maxFrameBytes = 64 * 1024 * 1024;

const headerBytes = 4;

/** A pipe over a socket, with what a sender needs to know to spare a slow reader. */
export interface SocketPipe extends Pipe {
  /** Bytes that were posted and that the far side has not taken yet. */
  readonly queuedBytes: number;
  /** Fires whenever everything posted was taken. */
  readonly onDrained: Event<void>;
  /** Lowers or raises the cap for frames that come in. A frame beyond it closes the pipe. */
  limitFrames(bytes: number): void;
}

/**
 * Wraps a connected socket. A frame beyond the cap or one that is no structured clone closes the pipe with a reason, and
 * so does a far side that leaves `maxQueuedBytes` untaken. `dispose` sends what was posted before it closes.
 */
export function socketPipe(socket: Socket, { maxQueuedBytes = 2 * maxFrameBytes } = {}): SocketPipe {
  const messages = new Emitter<unknown>();
  const closes = new Emitter<string>();
  const drains = new Emitter<void>();
  const frames = new FrameReader();
  let open = true;
  const shut = (why: string, at: "once" | "whenSent"): void => {
    if (!open) return;
    open = false;
    if (at === "once") socket.destroy();
    else socket.destroySoon();
    closes.fire(why);
  };
  socket.on("data", (chunk) => {
    if (!open) return;
    try {
      frames.push(chunk);
      for (let frame = frames.next(); frame && open; frame = frames.next()) messages.fire(decodeFrame(frame));
    } catch (error) {
      shut(`the far side sent what is no message: ${messageOf(error)}`, "once");
    }
  });
  socket.on("drain", () => drains.fire());
  // "close" follows every error; the reason is kept for it.
  let failure: string | undefined;
  socket.on("error", (error) => (failure = error.message));
  socket.on("close", () => shut(failure ?? "the far side closed the connection", "once"));
  return {
    get queuedBytes() {
      return socket.writableLength;
    },
    post: (message) => {
      if (!open) return;
      socket.write(encodeFrame(message));
      if (socket.writableLength > maxQueuedBytes) shut("the far side does not take what it is sent", "once");
    },
    onMessage: messages.event,
    onClose: closes.event,
    onDrained: drains.event,
    limitFrames: (bytes) => (frames.maxBytes = bytes),
    dispose: () => shut("the pipe was closed", "whenSent"),
  };
}

/** One message as the bytes that cross. Throws for a message beyond the cap. */
export function encodeFrame(message: unknown): Buffer {
  const body = serialize(message);
  if (body.length > maxFrameBytes) throw new Error(`a message of ${body.length} bytes is larger than a frame may be`);
  const frame = Buffer.allocUnsafe(headerBytes + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, headerBytes);
  return frame;
}

/** Typed arrays come out as views of what they were read from: a copy of just this frame keeps them small to pass on. */
function decodeFrame(frame: Buffer): unknown {
  return deserialize(new Uint8Array(frame));
}

/** Cuts a stream into frames; holds no more than one frame and the chunk that ended it. */
class FrameReader {
  maxBytes = maxFrameBytes;
  #chunks: Buffer[] = [];
  #held = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  next(): Buffer | undefined {
    if (this.#held < headerBytes) return undefined;
    const length = this.#peekLength();
    if (length > this.maxBytes) throw new Error(`a frame of ${length} bytes, at most ${this.maxBytes} are allowed`);
    if (this.#held < headerBytes + length) return undefined;
    const all = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const rest = all.subarray(headerBytes + length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    return all.subarray(headerBytes, headerBytes + length);
  }

  #peekLength(): number {
    if ((this.#chunks[0]?.length ?? 0) < headerBytes) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]?.readUInt32LE(0) ?? 0;
  }
}
