// The names that package.json and the code must agree on: commands, views, settings, context keys, panels.

const commandNames = [
  "newRun",
  "runSample",
  "stopRun",
  "openCurves",
  "openGraph",
  "openCheckpoints",
  "compareGraphs",
  "restoreCheckpoint",
  "pruneCheckpoints",
  "moveToTrash",
  "saveNow",
  "copyRestoreCode",
  "exportCheckpoint",
  "compareCheckpoints",
  "protectCheckpoint",
  "unprotectCheckpoint",
  "manageCheckpoints",
  "keepBest",
  "repairState",
  "undoPrune",
  "showLog",
  "showOwnLog",
  "revealRunFolder",
  "refresh",
] as const;

/** A command of ours, without its prefix. */
export type CommandName = (typeof commandNames)[number];

/** The full id of a command. */
export function commandId(name: CommandName): string {
  return `trainscope.${name}`;
}

/** Every command of the manifest. */
export const commandIds: readonly string[] = commandNames.map(commandId);

/** The run explorer. */
export const runsView = "trainscope.runs";

/** The checkpoints of the selected run. */
export const checkpointsView = "trainscope.checkpointList";

/** The editor of checkpoint files: under the first name it opens by itself, under the second it is offered. */
export const checkpointEditors = ["trainscope.checkpointFile", "trainscope.indexFile"] as const;

/** The editor of files that hold a graph: under the first name it opens by itself, under the second it is offered. */
export const graphEditors = ["trainscope.graphFile", "trainscope.anyGraphFile"] as const;

/** The kinds of panel; each is the name of its page's bundle too. */
export const panelKinds = ["curves", "graph", "checkpoints", "compare"] as const;

/** One of our views in the editor area. */
export type PanelKind = (typeof panelKinds)[number];

/** The type under which VS Code brings a panel back after a reload. */
export function panelType(kind: PanelKind): string {
  return `trainscope.${kind}`;
}

/** Settings, below `trainscope`, with the type of their value. */
export interface Settings {
  "runs.folder": string;
  "runs.openCurvesOfRunning": boolean;
  "graph.codeLens": boolean;
  "training.backend": string;
  "training.node": string;
  "training.onWindowClose": "keep" | "stop";
}

/** Every setting of the manifest. */
export const settingIds: readonly string[] = (
  ["runs.folder", "runs.openCurvesOfRunning", "graph.codeLens", "training.backend", "training.node", "training.onWindowClose"] satisfies (keyof Settings)[]
).map((name) => `trainscope.${name}`);

/** `none`, `some` or `failed`: decides which welcome text an empty tree shows. */
export const runsStateKey = "trainscope.runsState";

/** Whether a row of the checkpoint browser has the focus: its keys are ours only then. */
export const checkpointFocusKey = "trainscope.checkpointFocused";
