// Asks the layout worker, and answers only with the newest drawing. The worker's source comes from a page resource.
import type { Disposable } from "#base/lifetime";
import type { Layout, LayoutRequest } from "#analysis/diagram/layout";
import type { LayoutAnswer, LayoutAsk } from "./layoutWorker";

/** What is done with an answer. */
export interface LayoutListener {
  laidOut(layout: Layout): void;
  failed(why: string): void;
}

export class LayoutClient implements Disposable {
  #worker: Promise<Worker> | undefined;
  #newest = 0;

  /** `source` is the address of the worker's text: a webview may only start workers from a blob. */
  constructor(readonly source: string, readonly listener: LayoutListener) {}

  ask(request: LayoutRequest): void {
    const id = ++this.#newest;
    this.#worker ??= this.#start();
    this.#worker.then(
      (worker) => worker.postMessage({ id, request } satisfies LayoutAsk),
      (error: unknown) => this.listener.failed(`The layout worker did not start: ${String(error)}`),
    );
  }

  dispose(): void {
    this.#worker?.then((worker) => worker.terminate(), () => undefined);
  }

  async #start(): Promise<Worker> {
    const text = await (await fetch(this.source)).text();
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const worker = new Worker(address);
    URL.revokeObjectURL(address);
    worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.id !== this.#newest) return;
      if ("layout" in data) this.listener.laidOut(data.layout);
      else this.listener.failed(data.problem);
    };
    worker.onerror = (event) => this.listener.failed(event.message);
    return worker;
  }
}
