// The shapes of what the curves page may ask its host.
import * as z from "zod/mini";
import type { Checks } from "./channel";
import type { CurvesAsks } from "./curvesApi";
import { below, checked } from "./doorChecks";
import { command, nothing, text } from "./viewChecks";
import type { HostSide } from "./viewsApi";

/** More columns than any screen has. */
const maxPixels = 20_000;
/** More curves than a page shows at once. */
const maxCurves = 2000;
/** More tags than a person chooses from. */
const maxTags = 100_000;
const maxSettingsLength = 512 * 1024;
const maxImageBytes = 64 * 1024 * 1024;
const styles = 16;

const dir = text;
const axis = z.union([
  z.strictObject({ kind: z.enum(["step", "relative", "wall", "active", "index"]) }),
  z.strictObject({ kind: z.literal("tag"), tag: text }),
]);
const smoothing = z.strictObject({ weight: z.number().check(z.gte(0), z.lt(1)), timed: z.boolean(), bridge: z.boolean() });
const decay = z.optional(z.number().check(z.gt(0), z.lt(1)));
const curve = { tag: text, axis, smoothing, decay };
const cut = {
  ...curve,
  from: z.optional(z.number()),
  to: z.optional(z.number()),
  log: z.boolean(),
  pixels: z.number().check(z.gte(1), z.lte(maxPixels)),
  raw: z.boolean(),
  clip: z.boolean(),
  limits: z.optional(z.tuple([z.number(), z.number()])),
};

function many(shape: z.ZodMiniType): z.ZodMiniType {
  return z.strictObject({ requests: z.array(shape).check(z.maxLength(maxCurves)) });
}

const tags = z.array(text).check(z.maxLength(maxTags));
const inDir = z.strictObject({ dir });

/** Checks for every ask of the curves page. */
export const curvesChecks = {
  command,
  open: checked("open", z.strictObject({ whole: z.boolean(), from: z.int().check(z.gte(0)) })),
  slices: checked("slices", many(z.strictObject({ dir, ...cut }))),
  groupSlices: checked("groupSlices", many(z.strictObject({ dirs: z.array(dir).check(z.maxLength(maxCurves)), ...cut }))),
  summaries: checked("summaries", many(z.strictObject({ dir, ...curve, at: z.optional(z.number()) }))),
  pointsNear: checked("pointsNear", many(z.strictObject({ dir, ...curve, x: z.number() }))),
  planRestore: checked("planRestore", z.strictObject({ dir, prefix: below, branch: z.boolean() })),
  pickRuns: checked("pickRuns", nothing),
  pickTags: checked("pickTags", z.strictObject({ title: text, tags, chosen: tags })),
  dropRun: checked("dropRun", inDir),
  setStyle: checked("setStyle", z.strictObject({ dir, style: z.int().check(z.gte(0), z.lt(styles)) })),
  remember: checked("remember", z.strictObject({ settings: z.string().check(z.maxLength(maxSettingsLength)) })),
  exportCurves: checked("exportCurves", z.strictObject({
    format: z.enum(["csv", "json"]), superseded: z.boolean(),
    curves: z.array(z.strictObject({ dir, tag: text, smoothing, decay })).check(z.maxLength(maxCurves)),
  })),
  saveImage: checked("saveImage", z.strictObject({
    name: text,
    image: z.union([
      z.strictObject({ kind: z.literal("svg"), text: z.string().check(z.maxLength(maxImageBytes)) }),
      z.strictObject({ kind: z.literal("png"), bytes: z.instanceof(Uint8Array).check(z.refine(({ length }) => length <= maxImageBytes)) }),
    ]),
  })),
  halt: checked("halt", z.strictObject({ dir, resume: z.boolean() })),
  showBytes: checked("showBytes", z.strictObject({ dir, file: below, offset: z.int().check(z.gte(0)) })),
  copy: checked("copy", z.strictObject({ text: z.string().check(z.maxLength(maxSettingsLength)) })),
  showInGraph: checked("showInGraph", z.strictObject({ dir, tag: text })),
  commandOn: checked("commandOn", z.strictObject({ id: z.enum(["showLog", "openGraph", "openCheckpoints"]), dir })),
} satisfies Checks<HostSide<CurvesAsks>>;
