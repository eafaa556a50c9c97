// Two ends of a pipe in memory; messages are cloned as a real border would.
import { Emitter } from "#base/emitter";
import type { Pipe } from "#protocol/channel";

export function memoryPipes(): readonly [Pipe, Pipe] {
  const ends = [0, 1].map(() => ({ message: new Emitter<unknown>(), close: new Emitter<string>() }));
  let open = true;
  const end = (mine: number, theirs: number): Pipe => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => open && ends[theirs]?.message.fire(copy));
    },
    onMessage: (listener) => listen(ends[mine]?.message, listener),
    onClose: (listener) => listen(ends[mine]?.close, listener),
    dispose: () => {
      if (!open) return;
      open = false;
      for (const side of ends) side.close.fire("the pipe was closed");
    },
  });
  return [end(0, 1), end(1, 0)];
}

function listen<T>(emitter: Emitter<T> | undefined, listener: (value: T) => void) {
  if (!emitter) throw new Error("a pipe has two ends");
  return emitter.event(listener);
}
