// Asks the layout worker, answers only with the newest drawing, and ends a worker that goes on with what nobody wants any more.
import type { Disposable } from "#base/lifetime";
import type { Layout, LayoutRequest } from "#analysis/diagram/layout";
import type { LayoutAnswer, LayoutAsk } from "./layoutWorker";

/** What is done with an answer. */
export interface LayoutListener {
  laidOut(layout: Layout): void;
  failed(why: string): void;
}

/** As much of a worker as is used. */
export type LayoutPort = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** So long an older request may go on after a newer one; a worker that is ended has to be started anew. */
const patienceMs = 300;

export class LayoutClient implements Disposable {
  #worker: Promise<LayoutPort> | undefined;
  #newest = 0;
  #busy = false;
  #waiting: LayoutAsk | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly start: () => Promise<LayoutPort>, readonly listener: LayoutListener) {}

  ask(request: LayoutRequest): void {
    const ask: LayoutAsk = { id: ++this.#newest, request };
    if (!this.#busy) {
      this.#post(ask);
      return;
    }
    this.#waiting = ask;
    this.#timer ??= setTimeout(() => {
      this.#end();
      this.#next();
    }, patienceMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#end();
  }

  #post(ask: LayoutAsk): void {
    this.#busy = true;
    const worker = (this.#worker ??= this.start().then((port) => this.#listening(port)));
    worker.then(
      (port) => worker === this.#worker && port.postMessage(ask),
      (error: unknown) => worker === this.#worker && this.#failed(`The layout worker did not start: ${String(error)}`),
    );
  }

  #next(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#busy = false;
    const ask = this.#waiting;
    this.#waiting = undefined;
    if (ask) this.#post(ask);
  }

  #failed(why: string): void {
    this.#end();
    this.#next();
    this.listener.failed(why);
  }

  /** What an ended worker still says is not heard: another may be at work already. */
  #end(): void {
    this.#worker?.then((port) => {
      [port.onmessage, port.onerror] = [null, null];
      port.terminate();
    }, () => undefined);
    this.#worker = undefined;
  }

  #listening(port: LayoutPort): LayoutPort {
    port.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      this.#next();
      if (data.id !== this.#newest) return;
      if ("layout" in data) this.listener.laidOut(data.layout);
      else this.listener.failed(data.problem);
    };
    port.onerror = (event) => this.#failed(event.message);
    return port;
  }
}

/** A worker out of a page resource's text: a webview may only start workers from a blob. */
export async function startLayoutWorker(source: string): Promise<LayoutPort> {
  const text = await (await fetch(source)).text();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}
