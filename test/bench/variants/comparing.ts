// Comparing two checkpoints of one program, value by value.
import { differenceOf } from "#host/reader/checkpointLooks";
import { unwatched } from "#host/reader/tasks";
import type { Measured, VariantArguments } from "../measured";

/** Most memory that the process had, in bytes. `path` holds the two prefixes, one a line. */
export async function compareCheckpoints({ path, count }: VariantArguments): Promise<Measured> {
  const [from = "", to = ""] = path.split("\n");
  const { changed, problems } = await differenceOf({ from, to }, unwatched);
  if (changed.length !== count || problems.length > 0) throw new Error(`${changed.length} of ${count} tensors differ; ${problems.join(" ")}`);
  return { value: process.resourceUsage().maxRSS * 1024, result: String(changed.length) };
}
