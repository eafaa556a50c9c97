// The name under which scripts know summaries: `summary.scalar(…)`, `new summary.FileWriter(…)`.
import { FileWriter } from "./fileWriter";
import { FileWriterCache } from "./fileWriterCache";
import { audio, tensorSummary, text } from "./mediaSummaries";
import { histogram, image, merge, mergeAll, scalar } from "./summaryOperations";

/** Summary operations and the writer of event files, as TensorFlow groups them. */
export const summary = { scalar, image, histogram, audio, text, tensorSummary, merge, mergeAll, FileWriter, FileWriterCache } as const;
