// The shape of what a person chose to restore, as it crosses from page to host to trainer.
import * as z from "zod/mini";

const maxScopes = 10_000;
const maxScopeLength = 4096;

/** Of a `RestoreChoice`. */
export const restoreChoice = z.strictObject({
  scopes: z.optional(z.array(z.string().check(z.maxLength(maxScopeLength))).check(z.maxLength(maxScopes))),
  weights: z.optional(z.literal("ema")),
  renames: z.optional(z.literal(true)),
  partial: z.optional(z.literal(true)),
});
