// The shapes of what a client may ask a trainer: a message is unknown until it passed here.
import * as z from "zod/mini";
import { UserError } from "#base/errors";
import type { Checks } from "./channel";
import type { TrainerSide } from "./doorApi";
import { restoreChoice } from "./restoreChoice";

const maxPathLength = 4096;
const maxPlannedFiles = 10_000;

const path = z.string().check(z.minLength(1), z.maxLength(maxPathLength));
const amount = z.number().check(z.gte(0));
const nothing = z.strictObject({});
/** The name that an asker gives to something long. */
const taskName = z.string().check(z.minLength(1), z.maxLength(200));
const task = z.optional(taskName);

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

/** Of a checkpoint: below the run's folder, never out of it. */
export const below = path.check(z.refine((given) => !/^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)|\0/.test(given), "leads out of the run's folder"));
const note = z.string().check(z.maxLength(1000));
const policy = { maxToKeep: z.int().check(z.gte(0)), keepCheckpointEveryNHours: z.number().check(z.gt(0)) };

const plan = z.strictObject({
  deletes: z.array(plannedDelete).check(z.maxLength(maxPlannedFiles)),
  keeps: z.array(z.strictObject({ prefix: path, reason: z.string() })),
  bytes: amount,
  beside: z.optional(z.strictObject({ policy: z.optional(z.strictObject(policy)), protect: z.optional(z.strictObject({ prefix: below, note })) })),
});

const longText = z.string().check(z.maxLength(1024 * 1024));

const act = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("protect"), prefix: below, note: z.optional(note) }),
  z.strictObject({ kind: z.literal("unprotect"), prefix: below }),
  z.strictObject({ kind: z.literal("setPolicy"), ...policy }),
  z.strictObject({
    kind: z.literal("setKeepBest"),
    keepBest: z.optional(z.strictObject({ count: z.int().check(z.gte(1), z.lte(1000)), tag: path, lower: z.boolean() })),
    values: z.optional(z.array(z.strictObject({ prefix: below, value: z.number() })).check(z.maxLength(maxPlannedFiles))),
  }),
  z.strictObject({ kind: z.literal("manage"), prefixes: z.array(below).check(z.minLength(1), z.maxLength(maxPlannedFiles)) }),
  z.strictObject({ kind: z.literal("repairState"), before: longText, after: longText }),
  z.strictObject({ kind: z.literal("dismissUndo") }),
]);

/** Checks for every ask of `TrainerAsks`; what they refuse is named with the place inside the argument. */
export const doorChecks = {
  hello: checked("hello", hello),
  stop: checked("stop", nothing),
  save: checked("save", nothing),
  preflight: checked("preflight", z.strictObject({ prefix: path, choice: z.optional(restoreChoice) })),
  restore: checked("restore", z.strictObject({ prefix: path, task })),
  restorePart: checked("restorePart", z.strictObject({ prefix: path, choice: restoreChoice, task })),
  undoRestore: checked("undoRestore", z.strictObject({ task })),
  cancelRestore: checked("cancelRestore", z.strictObject({ task: taskName })),
  prune: checked("prune", plan),
  change: checked("change", act),
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
