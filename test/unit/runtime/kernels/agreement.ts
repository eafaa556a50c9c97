// Which computations a backend must agree with the cpu backend on, and how far two results are apart.
import { Random } from "../../../support/random";
import {
  adamCases,
  batchNormCases,
  convolutionCases,
  elementwiseCases,
  moveCases,
  padCases,
  productCases,
  reductionCases,
  type KernelCase,
} from "./kernelCases";
import { randomArrays, randomConvolutions, randomProducts, randomTransposed } from "./randomKernels";

/** What one tensor of a case came out as. */
export interface Result {
  readonly shape: number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** The largest difference, measured against the largest value (at least 1). */
export function distance(got: Result, wanted: Result): number {
  let scale = 1;
  let worst = 0;
  wanted.values.forEach((value, i) => {
    scale = Math.max(scale, Math.abs(value));
    const difference = Math.abs(value - (got.values[i] ?? NaN));
    worst = difference <= worst ? worst : difference;
  });
  return worst / scale;
}

/** More rounds for a longer search: TRAINSCOPE_ROUNDS=100. */
const rounds = Number(process.env["TRAINSCOPE_ROUNDS"] ?? 3);

/** Cases of all seeds below `rounds`, each named after its seed. */
function* random(make: (random: Random, count: number) => Iterable<KernelCase>): Generator<KernelCase> {
  for (let seed = 0; seed < rounds; seed++) for (const { name, run } of make(new Random(seed), 12)) yield { name: `seed ${seed}: ${name}`, run };
}

/** The cases by what they are about. */
export const groups: [string, () => Iterable<KernelCase>][] = [
  ["convolutions of odd pads", padCases],
  ["random convolutions", () => random(randomConvolutions)],
  ["random transposed convolutions", () => random(randomTransposed)],
  ["random products", () => random(randomProducts)],
  ["random arrays", () => random(randomArrays)],
  ["convolutions and their gradients", convolutionCases],
  ["matrix products", productCases],
  ["tiles, joins, splits, segments and depthwise gradients", moveCases],
  ["element-wise operations", elementwiseCases],
  ["sums and means", reductionCases],
  ["batch normalisation and its gradients", batchNormCases],
  ["updates of Adam", adamCases],
];
