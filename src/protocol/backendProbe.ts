// Trying one backend in a process of its own: what a host asks such a process, and its one line of answer.
import * as z from "zod/mini";
import { parseIfJson } from "#base/json";

/** Name of the environment variable that makes a trainer try a backend in place of training. */
export const backendProbeVariable = "TRAINSCOPE_PROBE";

const name = z.enum(["cuda", "webgpu", "node", "wasm", "cpu"]);

const request = z.object({
  backend: name,
  /** Absolute path beside which packages are looked for. */
  resolveFrom: z.string(),
});

const answer = z.object({
  backend: name,
  /** Library, version and device; absent where the backend cannot be used. */
  device: z.optional(z.string()),
  /** Why not. */
  reason: z.optional(z.string()),
  /** One multiplication of two 512 × 512 matrices, the second of two, in milliseconds. */
  milliseconds: z.optional(z.number()),
});

/** What to try. */
export type BackendProbeRequest = z.infer<typeof request>;
/** How it went. */
export type BackendProbe = z.infer<typeof answer>;

/** The request that a host wrote; throws where it is none. */
export function parseBackendProbeRequest(text: string): BackendProbeRequest {
  return request.parse(JSON.parse(text));
}

/** The answer among what a probing process printed; libraries print, too. */
export function findBackendProbe(output: string): BackendProbe | undefined {
  for (const line of output.split("\n")) {
    if (!line.startsWith("{")) continue;
    const parsed = answer.safeParse(parseIfJson(line));
    if (parsed.success) return parsed.data;
  }
  return undefined;
}
