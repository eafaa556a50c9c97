// The types of vscodeServer.mjs, for tests.
import type { ChildProcess } from "node:child_process";

export interface Release {
  readonly node: number;
  readonly version: string;
  readonly vscode: string;
  readonly integrity: string;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export function releaseForThisNode(): Release;
export function provisionServer(options: {
  readonly cacheDir: string;
  readonly say?: (line: string) => void;
}): Promise<{ readonly main: string; readonly release: Release }>;
export function installExtension(options: { readonly main: string; readonly dir: string; readonly vsix: string }): Promise<void>;
export function startServer(options: {
  readonly main: string;
  readonly dir: string;
  readonly port?: number;
  readonly settings?: object;
  readonly env?: object;
}): Promise<RunningServer>;
export function folderUrl(url: string, folder: string): string;
export function freePort(): Promise<number>;
