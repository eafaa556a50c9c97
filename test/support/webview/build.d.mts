// Types of build.mjs.

/** Bundles the views with their memory hosts into a folder; answers with it. */
export function buildHarness(out: string): Promise<string>;

/** Serves a built harness on loopback. */
export function serveHarness(out: string, port?: number): Promise<{ readonly address: string; close(): Promise<void> }>;
