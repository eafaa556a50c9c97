// How a checkpoint fits a program before anything is restored: equal, other, missing, extra, and likely renames (SR-2 to SR-5).
import type { Preflight, VariableInfo } from "#model/checkpoint";
import { likelyRenames } from "./renames";

/** Name, type and shape are all that matters; a file's variables have more, a program's may have less. */
export type Fitting = Pick<VariableInfo, "name" | "dtype" | "shape">;

/** What a checkpoint never holds, whatever the program: these start afresh after a restore. */
export const notInCheckpoints = ["random state", "data position"] as const;

/**
 * Compares by name. Strict one way only: all of the program's variables must be in the file with equal type and shape (SR-2);
 * what else the file holds is not read. Names come sorted, as TF looks them up (SR-3).
 */
export function preflight({ prefix, file, program }: {
  readonly prefix: string;
  readonly file: readonly Fitting[];
  readonly program: readonly Fitting[];
}): Preflight {
  const inFile = new Map(file.map((variable) => [variable.name, variable]));
  const wanted = new Map(program.map((variable) => [variable.name, variable]));
  const otherShape: { name: string; file: readonly number[]; program: readonly number[] }[] = [];
  const otherDtype: { name: string; file: string; program: string }[] = [];
  const missing: Fitting[] = [];
  let equal = 0;
  for (const one of [...wanted.values()].sort(byName)) {
    const stored = inFile.get(one.name);
    if (!stored) missing.push(one);
    else if (stored.dtype !== one.dtype) otherDtype.push({ name: one.name, file: stored.dtype, program: one.dtype });
    else if (!sameShape(stored.shape, one.shape)) otherShape.push({ name: one.name, file: stored.shape, program: one.shape });
    else equal++;
  }
  const extra = [...inFile.values()].filter(({ name }) => !wanted.has(name)).sort(byName);
  return {
    prefix, equal, otherShape, otherDtype,
    missing: missing.map(({ name }) => name),
    extra: extra.map(({ name }) => name),
    renames: likelyRenames(missing, extra),
    notInFile: notInCheckpoints,
    fits: missing.length + otherShape.length + otherDtype.length === 0,
  };
}

function byName(one: Fitting, other: Fitting): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}

function sameShape(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((size, index) => size === other[index]);
}
