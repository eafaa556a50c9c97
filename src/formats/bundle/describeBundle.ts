// A checkpoint's content as its index tells it, for lists and comparisons.
import { FormatError } from "#base/errors";
import type { CheckpointContent, VariableInfo } from "#model/checkpoint";
import { bytesPerElement } from "../tensor/dtypes";
import { elementCount, type BundleEntry } from "./bundle";
import type { Bundle } from "./openBundle";
import { sliceSpec } from "./tensorSlices";

/** What the index says; `bytes` is the sum over the variables. No data file is read. */
export function describeBundle(bundle: Bundle): CheckpointContent {
  const problems = bundle.problems.map(({ message }) => message);
  const variables: VariableInfo[] = [];
  for (const entry of bundle.entries.values()) {
    try {
      variables.push(describeEntry(entry, bundle.format));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(`${entry.name}: ${error.message}`);
    }
  }
  const bytes = variables.reduce((sum, variable) => sum + variable.bytes, 0);
  return { kind: "checkpoint", format: bundle.format, shards: bundle.shards, bytes, endianness: bundle.endianness, variables, problems };
}

/** Throws FormatError for slices that do not lie in their tensor. */
function describeEntry({ name, dtype, shape, size, crc32c, slices }: BundleEntry, format: Bundle["format"]): VariableInfo {
  if (!slices) return { name, dtype, shape, bytes: size, ...(format === "V2" && { crc32c: crc32c.toString(16).padStart(8, "0") }) };
  const bytes = elementCount(shape) * (bytesPerElement(dtype) ?? 0);
  return { name, dtype, shape, bytes, slices: slices.map((slice) => sliceSpec(shape, slice)) };
}
