// The name under which scripts know summaries: `summary.scalar(…)`, `new summary.FileWriter(…)`.
import { FileWriter } from "./fileWriter";
import { histogram, image, merge, mergeAll, scalar } from "./summaryOperations";

/** Summary operations and the writer of event files, as TensorFlow groups them. */
export const summary = { scalar, image, histogram, merge, mergeAll, FileWriter } as const;
