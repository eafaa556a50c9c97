// A folder with numbers of the original pix2pix: what `reference.json` says, and where the files beside it are.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { kindOf, readJson } from "../folders";
import { Skipped } from "../report";

/** A tensor in few numbers: sums in double precision of its float32 values, and its first ones. */
export interface Digest {
  readonly sum: number;
  readonly l2: number;
  readonly first: readonly number[];
}

export type Digests = Readonly<Record<string, Digest>>;

/** The three losses, under the names that the original prints. */
export interface Losses {
  readonly discrim_loss: number;
  readonly gen_loss_GAN: number;
  readonly gen_loss_L1: number;
}

/** Some steps from the checkpoint at one learning rate. `after_step_N` holds the variables after N steps. */
export interface ReferenceRun {
  readonly lr: number;
  readonly steps: number;
  readonly trace: readonly { readonly losses: Losses; readonly ema_after: Losses; readonly global_step_after: number }[];
  /** A text where it is the same as in another run. */
  readonly gradients_step_1: Readonly<Record<"generator" | "generator_all_new" | "discriminator", Digests | string>>;
  readonly [after: `after_step_${number}`]: Digests;
}

/** What is checked of `reference.json`. */
export interface Reference {
  readonly source: {
    readonly checkpoint_prefix: string;
    readonly ngf: number;
    readonly ndf: number;
    readonly beta1: number;
    readonly l1_weight: number;
    readonly gan_weight: number;
  };
  readonly leave_out: readonly string[];
  readonly exact_zero: readonly string[];
  readonly forward: Readonly<Record<"outputs" | "predict_real" | "predict_fake", Digest>> & {
    readonly losses: Losses;
    readonly gen_loss: number;
    readonly activations: Digests;
  };
  readonly gradients_all_old: { readonly generator: Digests };
  readonly restored: { readonly global_step: number; readonly ema: Readonly<Record<string, number>>; readonly powers: Readonly<Record<string, number>> };
  readonly runs: Readonly<Record<string, ReferenceRun>>;
  readonly export?: { readonly input: string };
}

/** A reference with its files. */
export interface ReferenceFolder {
  readonly name: string;
  readonly reference: Reference;
  readonly checkpoint: string;
  readonly input: Float32Array;
  readonly target: Float32Array;
  /** A tensor in full, where the folder has it. */
  whole(file: string): Promise<Float32Array | undefined>;
  /** The PNG file that the exported generator was given, and the bytes it made of it. */
  readonly exported?: { readonly input: Uint8Array; readonly output: Uint8Array };
}

/** Whether a folder holds such numbers. */
export async function isReferenceFolder(path: string): Promise<boolean> {
  const file = join(path, "reference.json");
  if ((await kindOf(file)) !== "file") return false;
  const { runs, leave_out } = await readJson<Partial<Reference>>(file);
  return typeof runs === "object" && Array.isArray(leave_out);
}

/**
 * Reads a folder. What is not in it (a pair of pictures that several references share, the checkpoint) is looked for in
 * the folders beside it and beside its parent; `checkpoint` names a prefix.
 */
export async function readReference(folder: string, checkpoint?: string): Promise<ReferenceFolder> {
  const reference = await readJson<Reference>(join(folder, "reference.json"));
  const near = await foldersNear(folder);
  const [input, target] = await Promise.all(["input.f32", "target.f32"].map((file) => floatsIn(near, file)));
  if (!input || !target) throw new Skipped(`the pair of pictures (input.f32 and target.f32) is neither in ${folder} nor beside it`);
  const { checkpoint_prefix: prefix } = reference.source;
  const found = checkpoint ?? (await firstWith(near, `${prefix}.index`))?.replace(/\.index$/, "");
  if (found === undefined) throw new Skipped(`the checkpoint ${prefix} is neither in ${folder} nor beside it: name it with --checkpoint PREFIX`);
  const exported = await exportedIn(folder, { near, reference });
  return {
    name: basename(folder), reference, checkpoint: found, input, target,
    whole: (file) => floatsIn([folder], file),
    ...(exported && { exported }),
  };
}

async function exportedIn(folder: string, { near, reference }: { near: readonly string[]; reference: Reference }) {
  const input = reference.export && (await firstWith(near, basename(reference.export.input)));
  const output = await firstWith([folder], "export_output.u8");
  return input !== undefined && output !== undefined ? { input: await readFile(input), output: await readFile(output) } : undefined;
}

async function foldersNear(folder: string): Promise<string[]> {
  const beside = async (parent: string) => {
    const entries = await readdir(parent, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name)).sort();
  };
  const parent = dirname(folder);
  return [folder, ...(await beside(parent)), parent, ...(await beside(dirname(parent)))];
}

async function firstWith(folders: readonly string[], file: string): Promise<string | undefined> {
  for (const folder of folders) if ((await kindOf(join(folder, file))) === "file") return join(folder, file);
  return undefined;
}

async function floatsIn(folders: readonly string[], file: string): Promise<Float32Array | undefined> {
  const path = await firstWith(folders, file);
  if (path === undefined) return undefined;
  const bytes = await readFile(path);
  return new Float32Array(new Uint8Array(bytes).buffer);
}
