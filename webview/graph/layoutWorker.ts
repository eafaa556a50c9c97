// Main program of the layout worker: places boxes off the page's thread. A newer request makes older ones pointless.
import { layoutGraph, type Layout, type LayoutRequest } from "#analysis/diagram/layout";

/** A request; answers carry its number, so that only the newest is drawn. */
export interface LayoutAsk {
  readonly id: number;
  readonly request: LayoutRequest;
}

export type LayoutAnswer =
  | { readonly id: number; readonly layout: Layout }
  | { readonly id: number; readonly problem: string };

interface WorkerScope {
  onmessage: ((event: { readonly data: LayoutAsk }) => void) | null;
  postMessage(answer: LayoutAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;
let waiting: LayoutAsk | undefined;

// Requests that came in while one was laid out are skipped but for the newest.
function work(): void {
  const ask = waiting;
  waiting = undefined;
  if (!ask) return;
  try {
    scope.postMessage({ id: ask.id, layout: layoutGraph(ask.request) });
  } catch (error) {
    scope.postMessage({ id: ask.id, problem: error instanceof Error ? error.message : String(error) });
  }
}

scope.onmessage = ({ data }) => {
  waiting = data;
  setTimeout(work, 0);
};
