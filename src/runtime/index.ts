// The public list: what a training script imports from "trainscope".

export { addToCollection, addToCollections, getCollection, getCollectionRef } from "./graph/collections";
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
  StopIteration,
  UnavailableError,
  ValueError,
} from "./graph/errors";
export type { FeedValue, Feeds } from "./graph/feeds";
export type { Fetched, FetchedValue, ShapedArray } from "./graph/fetches";
export { beginBetweenRuns, endBetweenRuns, requestBetweenRuns } from "./graph/betweenRuns";
export { gradients, type GradientOptions } from "./graph/gradients";
export { device, Graph, getDefaultGraph, resetDefaultGraph, type OperationSpec, type TensorLike } from "./graph/graph";
export { GraphKeys } from "./graph/graphKeys";
export { asGraphTensor, opOf, tensorName } from "./graph/graphTensor";
export { cast } from "./graph/cast";
export { identity, placeholderWithDefault, stopGradient, type PassOptions } from "./graph/identity";
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
export { RunMetadata, TraceLevel, type OperationTime, type RunOptions } from "./graph/runOptions";
export { Session, type RunRequest } from "./graph/session";
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
  glorotNormalInitializer,
  glorotUniformInitializer,
  heNormalInitializer,
  heUniformInitializer,
  identityInitializer,
  lecunNormalInitializer,
  lecunUniformInitializer,
  onesInitializer,
  orthogonalInitializer,
  randomNormalInitializer,
  randomUniformInitializer,
  truncatedNormalInitializer,
  uniformUnitScalingInitializer,
  varianceScalingInitializer,
  zerosInitializer,
  type Initializer,
  type SeedOption,
  type VarianceScalingOptions,
} from "./scope/initializers";
export { assign, assignAdd, assignSub, type AssignOptions } from "./scope/assign";
export { initScope, nameScope, type NameScopeOptions } from "./scope/nameScope";
export { updateModel, variableOf, type ModelWithWeights } from "./scope/plainVariables";
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
  modelVariables,
  movingAverageVariables,
  trainableVariables,
  variablesInitializer,
} from "./scope/variables";
export { createGlobalStep, getGlobalStep, getGlobalStepRead, getOrCreateGlobalStep, globalStep, incrementGlobalStep } from "./training/globalStep";
export { AdagradOptimizer, type AdagradOptions } from "./training/adagradOptimizer";
export { AdamOptimizer, type AdamOptions } from "./training/adamOptimizer";
export { clipByGlobalNorm, clipByNorm, globalNorm, type ClipOptions, type MaybeTensors } from "./training/clipping";
export { ExponentialMovingAverage, type AverageOptions } from "./training/exponentialMovingAverage";
export { assignMovingAverage, weightedMovingAverage, type MovingAverageOptions } from "./training/movingAverage";
export { GradientDescentOptimizer } from "./training/gradientDescentOptimizer";
export {
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  linearCosineDecay,
  naturalExpDecay,
  piecewiseConstant,
  polynomialDecay,
  type DecayOptions,
  type LearningRate,
  type StairOptions,
} from "./training/learningRates";
export { MomentumOptimizer, type MomentumOptions } from "./training/momentumOptimizer";
export {
  Optimizer,
  type ApplyOptions,
  type GateGradients,
  type GradientPair,
  type GradientsOfLossOptions,
  type Hyperparameter,
  type VariablesToTrain,
} from "./training/optimizer";
export { RMSPropOptimizer, type RMSPropOptions } from "./training/rmsPropOptimizer";
export { fromGenerator, type Example, type ExampleValues } from "./input/fromGenerator";
export { installTrainingKernels } from "./kernels/installTrainingKernels";
export { fusedBatchNorm, type BatchNormOptions, type NormalizedBatch } from "./nn/batchNorm";
export { biasAdd } from "./nn/biasAdd";
export { convertImageToBytes } from "./images/convertImageDtype";
export { decodePng } from "./images/decodePng";
export { resizeBicubic } from "./images/resizeBicubic";
export { decodePngTensor } from "./images/decodeImages";
export { decodeJpeg } from "./images/jpegFiles";
export { encodeJpeg, encodePng } from "./images/encodeImages";
export { decodeBase64, encodeBase64, identityStrings, reshapeStrings } from "./strings/stringOperations";
export { graphDefOf } from "./graph/graphDef";
export { guardCheckpoints } from "./saving/checkpointGuard";
export { setAside } from "./saving/setAside";
export {
  checkpointExists,
  getCheckpointMtimes,
  getCheckpointState,
  latestCheckpoint,
  removeCheckpoint,
  updateCheckpointState,
  type CheckpointStateOptions,
  type RemoveOptions,
} from "./saving/checkpointFiles";
export { CheckpointManager, type CheckpointManagerOptions } from "./saving/checkpointManager";
export { importMetaGraph, type ImportMetaGraphOptions } from "./importing/importMetaGraph";
export { exportMetaGraph, type ExportMetaGraphOptions, type MetaGraphOptions } from "./saving/metaGraph";
export { Saver, saversOf, type LastSave, type SaveOptions, type SaverOptions } from "./saving/saver";
export type { Savable, VarList } from "./saving/saveables";
export { summary } from "./summaries/summary";
export type { FileWriter, FileWriterOptions, SessionLog } from "./summaries/fileWriter";
export type { AudioSummaryOptions, TensorSummaryOptions } from "./summaries/mediaSummaries";
export type { ImageSummaryOptions, SummaryOptions } from "./summaries/summaryOperations";
export { FileWriterCache } from "./summaries/fileWriterCache";
export {
  CheckpointSaverHook,
  CheckpointSaverListener,
  type CheckpointSaverOptions,
} from "./training/hooks/checkpointSaverHook";
export { FeedFnHook } from "./training/hooks/feedFnHook";
export { FinalOpsHook } from "./training/hooks/finalOpsHook";
export { GlobalStepWaiterHook } from "./training/hooks/globalStepWaiterHook";
export { LoggingTensorHook, type LoggedTensors, type LoggingTensorOptions } from "./training/hooks/loggingTensorHook";
export { NanLossDuringTrainingError, NanTensorHook } from "./training/hooks/nanTensorHook";
export { ProfilerHook, type ProfilerOptions } from "./training/hooks/profilerHook";
export { StepCounterHook, type StepCounterOptions } from "./training/hooks/stepCounterHook";
export { StopAtStepHook, type StopAtStepOptions } from "./training/hooks/stopAtStepHook";
export { SummarySaverHook, type SummarySaverOptions } from "./training/hooks/summarySaverHook";
export { logging, type Verbosity } from "./training/logging";
export {
  MonitoredSession,
  SingularMonitoredSession,
  type MonitoredSessionOptions,
  type SingularMonitoredSessionOptions,
  type StepContext,
} from "./training/monitoredSession";
export { MonitoredTrainingSession, type MonitoredTrainingSessionOptions } from "./training/monitoredTrainingSession";
export { Scaffold, type ScaffoldOptions } from "./training/scaffold";
export { SecondOrStepTimer, type Elapsed, type TimerOptions } from "./training/secondOrStepTimer";
export {
  ChiefSessionCreator,
  WorkerSessionCreator,
  type ChiefSessionCreatorOptions,
  type SessionCreator,
} from "./training/sessionCreators";
export {
  SessionRunHook,
  type Hook,
  type ResultsOf,
  type SessionRunArgs,
  type SessionRunContext,
  type SessionRunValues,
} from "./training/sessionRunHook";
export type { Clock } from "./training/clock";
export { Coordinator, type CoordinatorOptions, type JoinOptions, type Task } from "./training/coordinator";
export { Looper, type LooperOptions } from "./training/looper";
export {
  observeTraining,
  type LogLine,
  type RetentionChange,
  type SavedCheckpoint,
  type TrainingObserver,
} from "./training/observers";
export { SessionManager, type PrepareOptions, type RestoreSource, type SessionManagerOptions } from "./training/sessionManager";
export { Supervisor, type ManagedSessionOptions, type SupervisorOptions } from "./training/supervisor";
export { changeRetention, currentTraining, preflightNow, restoreAtStart, restoreNow, saveNow, type LiveTraining } from "./training/training";
export { trainscope, type FitCallbacks } from "./training/fitCallback";
export type { FitLogs, FitOptions, FittedModel } from "./training/fitTraining";
export { hasTrainedByItself, runFolder, setRunFolder } from "./training/runFolder";
export type { PlannedProgress, TrainingContext } from "./training/trainingContext";
export { checkTfjs } from "./graph/selfTest";
export { keepStateNow, searchNonFiniteNow, stepTimesNow } from "./training/diagnosis";
