// Main program of the layout worker: places boxes off the page's thread.
import { layoutGraph, type Layout, type LayoutRequest } from "#analysis/diagram/layout";

/** A request; its answer carries its number. */
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

scope.onmessage = ({ data: { id, request } }) => {
  try {
    scope.postMessage({ id, layout: layoutGraph(request) });
  } catch (error) {
    scope.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
};
