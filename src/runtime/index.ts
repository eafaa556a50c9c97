// The public list: what a training script imports from "trainscope".

export { constant, placeholder, type ConstantOptions, type ConstantValue } from "./graph/constants";
export { controlDependencies, group, noOp, tuple, type Dependency } from "./graph/controlDependencies";
export {
  AbortedError,
  CancelledError,
  DataLossError,
  DeadlineExceededError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
  OpError,
  OutOfRangeError,
  UnavailableError,
  ValueError,
} from "./graph/errors";
export type { FeedValue, Feeds } from "./graph/feeds";
export type { Fetched, FetchedValue, ShapedArray } from "./graph/fetches";
export { beginBetweenRuns, endBetweenRuns, requestBetweenRuns } from "./graph/betweenRuns";
export { gradients, type GradientOptions } from "./graph/gradients";
export { Graph, getDefaultGraph, resetDefaultGraph, type OperationSpec, type TensorLike } from "./graph/graph";
export { GraphKeys } from "./graph/graphKeys";
export { asGraphTensor, opOf, tensorName } from "./graph/graphTensor";
export { cast } from "./graph/cast";
export { hostCall, type HostCall, type HostResult, type HostResults } from "./graph/hostCall";
export { Operation, Output, type OutputSpec, type RunContext, type Value } from "./graph/operation";
export {
  dropout,
  randomNormal,
  randomState,
  randomUniform,
  setRandomSeed,
  setRandomState,
  truncatedNormal,
  type DropoutOptions,
  type RandomOptions,
} from "./graph/randomOps";
export { Session } from "./graph/session";
export { beginTracing, buildGraph, endAllTracing, endTracing } from "./graph/trace";
export {
  getLocalVariable,
  getVariable,
  type CustomGetter,
  type Getter,
  type GetterOptions,
  type GetVariableOptions,
} from "./scope/getVariable";
export {
  constantInitializer,
  glorotUniformInitializer,
  onesInitializer,
  randomNormalInitializer,
  randomUniformInitializer,
  truncatedNormalInitializer,
  zerosInitializer,
  type Initializer,
} from "./scope/initializers";
export { initScope, nameScope, type NameScopeOptions } from "./scope/nameScope";
export { PartitionedVariable } from "./scope/partitionedVariable";
export {
  fixedSizePartitioner,
  minMaxVariablePartitioner,
  variableAxisSizePartitioner,
  type PartitionInfo,
  type Partitioner,
  type VariableSlice,
} from "./scope/partitioners";
export {
  getRegularizationLoss,
  getRegularizationLosses,
  l1L2Regularizer,
  l1Regularizer,
  l2Loss,
  l2Regularizer,
  noRegularizer,
  type Regularizer,
  type RegularizerOptions,
} from "./scope/regularizers";
export { reportUninitializedVariables } from "./scope/reportUninitialized";
export { isVariableInitialized, Variable, type Constraint, type InitialValue, type VariableOptions } from "./scope/variable";
export {
  AUTO_REUSE,
  getVariableScope,
  variableScope,
  VariableScope,
  type Reuse,
  type VariableDefaults,
  type VariableScopeOptions,
} from "./scope/variableScope";
export {
  globalVariables,
  globalVariablesInitializer,
  localVariables,
  localVariablesInitializer,
  movingAverageVariables,
  trainableVariables,
  variablesInitializer,
} from "./scope/variables";
export { createGlobalStep, getGlobalStep, getOrCreateGlobalStep } from "./training/globalStep";
export { AdamOptimizer, type AdamOptions } from "./training/adamOptimizer";
export { ExponentialMovingAverage, type AverageOptions } from "./training/exponentialMovingAverage";
export { GradientDescentOptimizer } from "./training/gradientDescentOptimizer";
export { Optimizer, type ApplyOptions, type GradientPair, type Hyperparameter } from "./training/optimizer";
export { fromGenerator, type Example, type ExampleValues } from "./input/fromGenerator";
export { decodePng } from "./images/decodePng";
export { encodePng } from "./images/encodeImages";
export { graphDefOf } from "./graph/graphDef";
export { checkpointExists, getCheckpointMtimes, getCheckpointState, latestCheckpoint, removeCheckpoint } from "./saving/checkpointFiles";
export { guardCheckpoints } from "./saving/checkpointGuard";
export { Saver, saversOf, type LastSave, type SaveOptions, type SaverOptions } from "./saving/saver";
export type { VarList } from "./saving/saveables";
export { summary } from "./summaries/summary";
export type { FileWriter, FileWriterOptions, SessionLog } from "./summaries/fileWriter";
export type { ImageSummaryOptions, SummaryOptions } from "./summaries/summaryOperations";
export type { Clock } from "./training/clock";
export { Coordinator, type CoordinatorOptions, type JoinOptions, type Task } from "./training/coordinator";
export { Looper, type LooperOptions } from "./training/looper";
export {
  observeTraining,
  type RetentionChange,
  type SavedCheckpoint,
  type TrainingObserver,
} from "./training/observers";
export { SessionManager, type PrepareOptions, type RestoreSource, type SessionManagerOptions } from "./training/sessionManager";
export { Supervisor, type ManagedSessionOptions, type SupervisorOptions } from "./training/supervisor";
export { changeRetention, currentTraining, preflightNow, restoreAtStart, restoreNow, saveNow, type LiveTraining } from "./training/training";
export type { PlannedProgress, TrainingContext } from "./training/trainingContext";
export { checkTfjs } from "./graph/selfTest";
export { keepStateNow, searchNonFiniteNow, stepTimesNow } from "./training/diagnosis";
