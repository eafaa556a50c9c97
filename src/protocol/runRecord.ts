// run.json as text: what crosses from a trainer to every later reader of its folder.
import * as z from "zod/mini";
import { parseIfJson } from "#base/json";
import type { RunRecord } from "#model/run";

/** Name of the sidecar inside a run's folder. */
export const runRecordName = "run.json";

const backendNames = ["cuda", "webgpu", "node", "wasm", "cpu"] as const;
const backendName = z.enum(backendNames);
const state = z.enum(["running", "finished", "stopped", "failed", "killed", "lost", "foreign"]);
const end = z.object({
  how: z.enum(["finished", "stopped", "failed", "killed", "lost"]),
  step: z.optional(z.number()),
  exitCode: z.optional(z.number()),
  error: z.optional(z.string()),
  rung: z.optional(z.enum(["asked", "terminated", "killed"])),
});

const policy = z.object({ maxToKeep: z.number(), keepCheckpointEveryNHours: z.number() });
const save = z.object({ prefix: z.string(), step: z.optional(z.number()), seconds: z.number() });
const restored = z.object({
  seconds: z.number(),
  from: z.string(),
  step: z.optional(z.number()),
  leftStep: z.optional(z.number()),
  scopes: z.optional(z.array(z.string())),
  weights: z.optional(z.literal("ema")),
  variables: z.optional(z.number()),
  undo: z.optional(z.literal(true)),
});

const step = z.optional(z.number());
const range = {
  shape: z.array(z.number()),
  elements: z.number(),
  nan: z.number(),
  infinite: z.number(),
  min: z.optional(z.number()),
  max: z.optional(z.number()),
};
const nonFinite = z.object({
  start: z.optional(z.object({ kind: z.enum(["present", "memory", "checkpoint"]), step, prefix: z.optional(z.string()) })),
  runs: z.number(),
  found: z.optional(
    z.object({
      step,
      node: z.string(),
      op: z.string(),
      source: z.optional(z.object({ file: z.string(), line: z.number() })),
      value: z.object(range),
      inputs: z.array(z.object({ name: z.string(), ...range })),
      reached: z.array(z.string()),
      spread: z.optional(z.array(z.object({ name: z.string(), ...range }))),
      moreReached: z.number(),
    }),
  ),
});

const shape = z.object({
  version: z.literal(1),
  script: z.string(),
  args: z.array(z.string()),
  cwd: z.optional(z.string()),
  node: z.optional(z.string()),
  pid: z.optional(z.number()),
  startedSeconds: z.number(),
  backend: z.optional(
    z.object({
      name: backendName,
      device: z.string(),
      refused: z.array(z.object({ name: backendName, reason: z.string() })),
    }),
  ),
  backendAsked: z.optional(z.enum(["auto", ...backendNames])),
  parent: z.optional(z.string()),
  host: z.optional(z.string()),
  retention: z.optional(policy),
  retentionAsked: z.optional(policy),
  protected: z.optional(z.array(z.object({ prefix: z.string(), note: z.optional(z.string()) }))),
  keepBest: z.optional(z.object({ count: z.number(), tag: z.string(), lower: z.boolean() })),
  bestValues: z.optional(z.array(z.object({ prefix: z.string(), value: z.number() }))),
  keptAsBest: z.optional(z.array(z.string())),
  saves: z.optional(z.array(save)),
  undoRestore: z.optional(z.object({ restored: z.string(), savedBefore: z.string(), step: z.optional(z.number()) })),
  lineage: z.optional(z.array(restored)),
  saverBuiltSeconds: z.optional(z.number()),
  nextKeepSeconds: z.optional(z.number()),
  nonFinite: z.optional(nonFinite),
  state,
  end: z.optional(end),
});

/** The record that `text` holds; undefined when it is no record of ours, whatever the reason. */
export function parseRunRecord(text: string): RunRecord | undefined {
  const result = shape.safeParse(parseIfJson(text));
  return result.success ? result.data : undefined;
}

/** The text of run.json. Times that are not finite (hours of Infinity) are left out, as JSON has no word for them. */
export function printRunRecord(record: RunRecord): string {
  const kept = Object.entries(record).filter(([, value]) => typeof value !== "number" || Number.isFinite(value));
  return `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`;
}
