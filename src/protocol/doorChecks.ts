// The shapes of what a client may ask a trainer: a message is unknown until it passed here.
import * as z from "zod/mini";
import { UserError } from "#base/errors";
import type { Checks } from "./channel";
import type { TrainerSide } from "./doorApi";

const maxPathLength = 4096;
const maxPlannedFiles = 10_000;

const path = z.string().check(z.minLength(1), z.maxLength(maxPathLength));
const amount = z.number().check(z.gte(0));
const nothing = z.strictObject({});
const prefix = z.strictObject({ prefix: path });

const hello = z.object({
  protocol: z.number(),
  version: z.string().check(z.maxLength(100)),
  token: z.string().check(z.maxLength(200)),
});

const stamp = z.strictObject({ bytes: amount, modifiedMs: z.number() });

const plannedDelete = z.strictObject({
  prefix: path,
  step: z.optional(z.number()),
  files: z.array(path).check(z.minLength(1), z.maxLength(maxPlannedFiles)),
  stamps: z.optional(z.array(stamp).check(z.maxLength(maxPlannedFiles))),
  bytes: amount,
  reason: z.string(),
});

const plan = z.strictObject({
  deletes: z.array(plannedDelete).check(z.maxLength(maxPlannedFiles)),
  keeps: z.array(z.strictObject({ prefix: path, reason: z.string() })),
  bytes: amount,
});

/** Checks for every ask of `TrainerAsks`; what they refuse is named with the place inside the argument. */
export const doorChecks = {
  hello: checked("hello", hello),
  stop: checked("stop", nothing),
  save: checked("save", nothing),
  preflight: checked("preflight", prefix),
  restore: checked("restore", prefix),
  prune: checked("prune", plan),
  undoPrune: checked("undoPrune", z.strictObject({ trash: path })),
  stepTimes: checked("stepTimes", nothing),
  searchNonFinite: checked("searchNonFinite", nothing),
} satisfies Checks<TrainerSide>;

/** Checks the argument of the ask `name` against a shape; a refusal names the place inside the argument. */
export function checked(name: string, shape: z.ZodMiniType): (argument: unknown) => unknown {
  return (argument) => {
    const result = shape.safeParse(argument);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const where = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
    throw new UserError(
      `The argument of "${name}" has the wrong shape${where}: ${issue?.message ?? "it was not understood"}.`,
    );
  };
}
