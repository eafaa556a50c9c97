// How a checkpoint fits a program before anything is restored: equal, other, missing, extra, and likely renames (SR-2 to SR-5).
import type { Preflight, RestoreChoice, VariableInfo } from "#model/checkpoint";
import { isWithin } from "#model/scopedName";
import { likelyRenames } from "./renames";
import { averageEnding } from "./shadows";

/** Name, type and shape are all that matters; a file's variables have more, a program's may have less. */
export type Fitting = Pick<VariableInfo, "name" | "dtype" | "shape">;

/** What a checkpoint never holds, whatever the program: these start afresh after a restore. */
const notInCheckpoints = ["random state", "data position"] as const;

/**
 * Compares by name. Strict one way only: all of the program's variables must be in the file with equal type and shape (SR-2);
 * what else the file holds is not read. Names come sorted, as TF looks them up (SR-3).
 */
export function preflight({ prefix, file, program, choice = {} }: PreflightInput & { readonly prefix: string }): Preflight {
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
  const averaged = program.filter((one) => fittingAverage(one, inFile) !== undefined);
  return {
    prefix, equal, otherShape, otherDtype,
    missing: missing.map(({ name }) => name),
    extra: extra.map(({ name }) => name),
    renames: likelyRenames(missing, extra),
    notInFile: [...missingSlots(missing), ...notInCheckpoints],
    fits: missing.length + otherShape.length + otherDtype.length === 0,
    program: wanted.size, averages: averaged.length, scopes: scopesOf(program, averaged),
    sets: isStrict(choice) ? equal : restorePlan({ file, program, choice }).length,
  };
}

/** What is compared, and what of it a restore would take. */
export interface PreflightInput {
  readonly file: readonly Fitting[];
  readonly program: readonly Fitting[];
  readonly choice?: RestoreChoice;
}

/** Whether a choice is TensorFlow's own restore: everything, under its own name, or nothing. */
export function isStrict({ scopes, weights, renames, partial }: RestoreChoice): boolean {
  return scopes === undefined && weights === undefined && !renames && !partial;
}

/** Which variable of the program gets which of the file, for a partial restore; sorted by the program's names. */
export function restorePlan({ file, program, choice = {} }: PreflightInput): { readonly name: string; readonly from: string }[] {
  const inFile = new Map(file.map((variable) => [variable.name, variable]));
  const known = new Set(program.map(({ name }) => name));
  const missing = program.filter(({ name }) => !inFile.has(name));
  const renames = choice.renames ? likelyRenames(missing, file.filter(({ name }) => !known.has(name))) : [];
  const renamed = new Map(renames.map((rename) => [rename.missing, rename.extra]));
  return program.filter(({ name }) => isChosen(name, choice)).sort(byName).flatMap((one) => {
    const average = choice.weights === "ema" ? fittingAverage(one, inFile) : undefined;
    const own = inFile.get(renamed.get(one.name) ?? one.name);
    const from = average ?? (own && sameKind(own, one) ? own.name : undefined);
    return from === undefined ? [] : [{ name: one.name, from }];
  });
}

function isChosen(name: string, { scopes }: RestoreChoice): boolean {
  if (!scopes) return true;
  return scopes.some((scope) => (scope === "" ? !name.includes("/") : isWithin(name, scope)));
}

function fittingAverage(one: Fitting, inFile: ReadonlyMap<string, Fitting>): string | undefined {
  const average = inFile.get(`${one.name}${averageEnding}`);
  return average && sameKind(average, one) ? average.name : undefined;
}

/** Names that TensorFlow's optimizers give to what they keep per variable, and for all of them. */
const slotName = /\/(Adam(_1)?|Momentum|RMSProp(_1)?|Adagrad|Adadelta(_1)?|Ftrl(_1)?)(_\d+)?$|(^|\/)beta[12]_power(_\d+)?$/;

function missingSlots(missing: readonly Fitting[]): string[] {
  const slots = missing.filter(({ name }) => slotName.test(name)).length;
  return slots === 0 ? [] : [`optimizer state (${slots} variables)`];
}

function scopesOf(program: readonly Fitting[], averaged: readonly Fitting[]): Preflight["scopes"] {
  const scopes = new Map<string, { variables: number; averages: number }>();
  const withAverage = new Set(averaged);
  for (const one of program) {
    const scope = one.name.includes("/") ? one.name.slice(0, one.name.indexOf("/")) : "";
    const sum = scopes.get(scope) ?? { variables: 0, averages: 0 };
    scopes.set(scope, sum);
    sum.variables++;
    sum.averages += Number(withAverage.has(one));
  }
  return [...scopes].map(([scope, sum]) => ({ scope, ...sum })).sort((one, other) => (one.scope < other.scope ? -1 : 1));
}

function sameKind(one: Fitting, other: Fitting): boolean {
  return one.dtype === other.dtype && sameShape(one.shape, other.shape);
}

function byName(one: Fitting, other: Fitting): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}

function sameShape(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((size, index) => size === other[index]);
}
