// Outputs by name: in functions an input says `operation:output:number`, elsewhere only the output's number counts.

/** Names of the outputs of types that have several single ones (TensorFlow's op definitions); any other type has one list, or one output. */
const names: Readonly<Record<string, readonly string[]>> = {
  Switch: ["output_false", "output_true"],
  RefSwitch: ["output_false", "output_true"],
  Merge: ["output", "value_index"],
  FusedBatchNorm: ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"],
  FusedBatchNormV2: ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"],
  FusedBatchNormV3: ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"],
  FusedBatchNormGradV3: ["x_backprop", "scale_backprop", "offset_backprop", "reserve_space_4", "reserve_space_5"],
  SoftmaxCrossEntropyWithLogits: ["loss", "backprop"],
  SparseSoftmaxCrossEntropyWithLogits: ["loss", "backprop"],
  TopKV2: ["values", "indices"],
  Unique: ["y", "idx"],
  UniqueWithCounts: ["y", "idx", "count"],
  BroadcastGradientArgs: ["r0", "r1"],
  TensorListPopBack: ["output_handle", "tensor"],
  TensorArrayV3: ["handle", "flow"],
};
/** Outputs of types that are not in the table are told apart from here on: distinct, and without a shape of their own. */
const untold = 1000;

/** The number of an output that a function names. */
export function functionOutput(type: string, { output, number }: { readonly output: string; readonly number: number }): number {
  const known = names[type];
  if (!known) return number;
  const place = known.indexOf(output);
  return place < 0 ? untold + number : place + number;
}
