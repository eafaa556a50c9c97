// What a host hands to the trainer it starts: one environment variable, read once and removed.
import * as z from "zod/mini";
import type { RestoreChoice } from "#model/checkpoint";
import { restoreChoice } from "./restoreChoice";

/** Name of the environment variable. It holds JSON; unlike an argument, other users cannot read it. */
export const trainerStartVariable = "TRAINSCOPE_START";

const shape = z.object({
  /** Absolute path of the script. */
  script: z.string(),
  args: z.array(z.string()),
  /** Absolute path of the run's folder, which exists. */
  logdir: z.string(),
  backend: z.enum(["auto", "cuda", "webgpu", "node", "wasm", "cpu"]),
  /** Absolute prefix to restore before the first step. */
  restore: z.optional(z.string()),
  /** What of it; all and strictly where left out. */
  choice: z.optional(restoreChoice),
  /** `run@prefix` that this run was branched from. */
  parent: z.optional(z.string()),
  /** Someone is about to connect: training begins when they have. */
  watched: z.boolean(),
  /** What a client must say at the door. */
  token: z.string(),
});

/** One training to run. */
export type TrainerStart = Omit<z.infer<typeof shape>, "choice"> & { readonly choice?: RestoreChoice | undefined };

/** The start that a host wrote; throws where it is none. */
export function parseTrainerStart(text: string): TrainerStart {
  return shape.parse(JSON.parse(text));
}
