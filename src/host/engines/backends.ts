// Which backends load on this machine and which do not, each tried in a process of its own.
import { execFile } from "node:child_process";
import type { BackendName } from "#model/run";
import { cleanEnvironment, findNode } from "#node/processes";
import {
  backendProbeVariable,
  findBackendProbe,
  type BackendProbe,
  type BackendProbeRequest,
} from "#protocol/backendProbe";

/** The order in which `auto` tries them. */
const backendOrder: readonly BackendName[] = ["cuda", "webgpu", "node", "wasm", "cpu"];

/** How to try. */
export interface ProbeOptions {
  /** Absolute path of dist/trainer.mjs. */
  readonly trainer: string;
  /** Absolute path beside which packages are looked for. */
  readonly resolveFrom: string;
  readonly node?: string;
  readonly limitMs?: number;
}

/** Tries every backend, one after the other, so that their times can be compared. */
export async function probeBackends(options: ProbeOptions): Promise<readonly BackendProbe[]> {
  const probes: BackendProbe[] = [];
  for (const backend of backendOrder) probes.push(await probeOne(backend, options));
  return probes;
}

async function probeOne(
  backend: BackendName,
  { trainer, resolveFrom, node, limitMs = 60_000 }: ProbeOptions,
): Promise<BackendProbe> {
  const program = await findNode(node);
  const request: BackendProbeRequest = { backend, resolveFrom };
  const env = { ...cleanEnvironment(), ...program.env, [backendProbeVariable]: JSON.stringify(request) };
  return new Promise((resolve) => {
    execFile(program.path, [trainer], { env, timeout: limitMs, windowsHide: true }, (error, stdout, stderr) => {
      const answer = findBackendProbe(stdout);
      if (answer) return resolve(answer);
      const lastLine = stderr.trim().split("\n").at(-1);
      resolve({
        backend,
        reason: error?.killed
          ? `no answer within ${limitMs / 1000} s`
          : lastLine || "the process ended without an answer",
      });
    });
  });
}
