// Curves of precision and recall: the six rows of their tensor (plugins/pr_curve/metadata.py).
import { FormatError } from "#base/errors";
import type { PrCurve } from "#model/tagContents";
import { tensorValues } from "../tensor/tensorValues";
import type { TensorProto } from "../tensor/tensorProto";

/** Row by row: true positives, false positives, true negatives, false negatives, precision, recall. */
const rowCount = 6;
/** TensorBoard writes 201 unless told otherwise. */
const mostThresholds = 10_000;

/**
 * The curve in a tensor of shape [6, thresholds], whose thresholds go evenly from 0 to 1. As in TensorBoard, those at the end
 * are left out at which nothing is called positive: precision means nothing there. Throws FormatError for another tensor.
 */
export function prCurveOf(tensor: TensorProto): Omit<PrCurve, "step"> {
  const [rows = 0, count = 0] = tensor.shape;
  if (tensor.shape.length !== 2 || rows !== rowCount || count < 1) throw new FormatError("malformed", "a precision-recall curve is no tensor of six rows");
  if (count > mostThresholds) throw new FormatError("tooMany", "a precision-recall curve has too many thresholds", { wanted: mostThresholds, got: count });
  const values = Array.from<unknown, number>(tensorValues(tensor), Number);
  if (values.length !== rowCount * count) throw new FormatError("malformed", "a precision-recall curve has another size than its shape");
  const whole = (row: number): number[] => values.slice(row * count, (row + 1) * count).map(Math.trunc);
  const [truePositives, falsePositives] = [whole(0), whole(1)];
  let end = count;
  while (end > 1 && (truePositives[end - 1] ?? 0) + (falsePositives[end - 1] ?? 0) === 0) end--;
  const cut = (row: readonly number[]): number[] => row.slice(0, end);
  return {
    thresholds: Array.from({ length: end }, (_, at) => (count === 1 ? 0 : at / (count - 1))),
    truePositives: cut(truePositives), falsePositives: cut(falsePositives), trueNegatives: cut(whole(2)), falseNegatives: cut(whole(3)),
    precision: values.slice(4 * count, 4 * count + end), recall: values.slice(5 * count, 5 * count + end),
  };
}
