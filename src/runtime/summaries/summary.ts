// The name under which scripts know summaries: `summary.scalar(…)`, `new summary.FileWriter(…)`.
import { FileWriter } from "./fileWriter";
import { FileWriterCache } from "./fileWriterCache";
import { audio, tensorSummary, text } from "./mediaSummaries";
import { histogram, image, merge, mergeAll, scalar } from "./summaryOperations";

/** Summary operations and the writer of event files, as TensorFlow groups them. */
export const summary: {
  readonly scalar: typeof scalar;
  readonly image: typeof image;
  readonly histogram: typeof histogram;
  readonly audio: typeof audio;
  readonly text: typeof text;
  readonly tensorSummary: typeof tensorSummary;
  readonly merge: typeof merge;
  readonly mergeAll: typeof mergeAll;
  readonly FileWriter: typeof FileWriter;
  readonly FileWriterCache: typeof FileWriterCache;
} = { scalar, image, histogram, audio, text, tensorSummary, merge, mergeAll, FileWriter, FileWriterCache };
