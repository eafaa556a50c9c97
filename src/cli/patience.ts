// A sign of life on stderr for whatever takes more than a second.

const afterMs = 1000;
const everyMs = 500;
const eraseLine = "\r\u001b[K";

/** Waits for `work`; on a terminal a line says after a second that it goes on, and is gone when it is done. */
export async function patiently<T>(what: string, work: Promise<T>, stream: NodeJS.WriteStream = process.stderr): Promise<T> {
  if (!stream.isTTY) return work;
  const started = performance.now();
  let shown = false;
  const show = (): void => {
    const seconds = (performance.now() - started) / 1000;
    if (seconds * 1000 < afterMs) return;
    shown = true;
    stream.write(`${eraseLine}${what} … ${seconds.toFixed(0)} s`);
  };
  const timer = setInterval(show, everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (shown) stream.write(eraseLine);
  }
}
