// What TensorFlow's operation types mean for a diagram. The only place that looks at a type; nothing looks at a name.

const variableTypes = new Set(["VariableV2", "Variable", "VarHandleOp"]);
const readTypes = new Set(["Identity", "ReadVariableOp"]);
const savingTypes = new Set(["SaveV2", "RestoreV2", "Save", "SaveSlices", "Restore", "RestoreSlice", "MergeV2Checkpoints", "ShardedFilename"]);
const initialisedTypes = new Set(["IsVariableInitialized", "VarIsInitializedOp"]);

/** Holds a value between runs. */
export function isVariable(type: string): boolean {
  return variableTypes.has(type);
}

/** Passes a variable's value on. */
export function isRead(type: string): boolean {
  return readTypes.has(type);
}

/** Sets a variable that it gets as its first input. */
export function isAssignment(type: string): boolean {
  return /^(Assign|Scatter|ResourceScatter|ResourceAssign)/.test(type) && type !== "ScatterNd";
}

/** Moves a variable by a difference, as moving averages do. */
export function isAveragingUpdate(type: string): boolean {
  return type === "AssignSub" || type === "AssignSubVariableOp";
}

/** Trains a variable: an optimizer's update; its slots come as further variable inputs. */
export function isTrainingUpdate(type: string): boolean {
  return type.includes("Apply") && /^(Resource)?(Sparse)?Apply[A-Z]/.test(type);
}

export function isSaving(type: string): boolean {
  return savingTypes.has(type);
}

export function isSummary(type: string): boolean {
  return type.endsWith("Summary") || type.endsWith("SummaryV2");
}

export function asksInitialised(type: string): boolean {
  return initialisedTypes.has(type);
}

/** A queue's handle; what enqueues feeds what dequeues through it. */
export function isQueue(type: string): boolean {
  return type.endsWith("Queue") || type.endsWith("QueueV2");
}

export function isEnqueue(type: string): boolean {
  return type.startsWith("QueueEnqueue");
}

export function isConstant(type: string): boolean {
  return type === "Const";
}

/** Does nothing but wait for its control inputs. */
export function isNoOp(type: string): boolean {
  return type === "NoOp";
}

/** Leads a loop's values back to its begin. */
export function closesLoop(type: string): boolean {
  return type === "NextIteration" || type === "RefNextIteration";
}
