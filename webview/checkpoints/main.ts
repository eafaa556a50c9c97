// Main program of the checkpoint browser: wires the host's channel, the store and the page together.
import { messageOf } from "#base/errors";
import type { CheckpointContent, PrunePlan, PruneResult, RestoreChoice } from "#model/checkpoint";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { RetentionPolicy, RunInfo } from "#model/run";
import { openChannel } from "#protocol/channel";
import type { CheckpointsAsks, CheckpointsTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore, paced } from "#kit/store";
import { registerControls } from "#kit/ui";
import type { Actions } from "./actions";
import { CheckpointsPage } from "./page";
import { checkpointOf, initialState, promisedPlan, reduce, restoreInThought, tickedPlan, type Done, type Happening, type PruneSheet, type RestoreSheet } from "./state";
import { isWhole } from "./strip";
import { branchName } from "./restoreWords";
import { asTask } from "./looks";
import { canCancel } from "./taskWords";
import { treeActions } from "./tree";
import { valuesActions } from "./values";
import { prunedWords, stoppedWords, undoneWords } from "./words";

/** What the host announces is asked for at most this often. */
const openEveryMs = 500;
/** A wait longer than this is said. */
const slowMs = 1000;
/** Ages and forecast times are refreshed this often. */
const refreshEveryMs = 60_000;

const host = hostWindow();
registerControls();

const tells: CheckpointsTells = {
  runChanged: () => openSoon(),
  taskProgressed: (progress) => store.dispatch({ kind: "taskProgressed", progress }),
  show: ({ prefix }) => {
    store.dispatch({ kind: "selected", prefix });
    reveal(prefix);
  },
  showRestore: ({ prefix, branch }) => void planRestore(prefix, branch),
  scopeChosen: (scope) => store.dispatch({ kind: "scopeChosen", scope }),
  showPrune: ({ prefix }) => actions.planPrune(prefix),
  showCompare: () => undefined,
};
const { ask } = openChannel<ViewSide<CheckpointsTells>, HostSide<CheckpointsAsks>>(hostPipe(host), { asks: {}, tells });
const store = createStore(initialState(host.getState()), reduce, changed);
const { dispatch } = store;
const openSoon = paced(() => void open(store.state.simulated), openEveryMs);

const actions: Actions = {
  simulate: (policy) => {
    dispatch({ kind: "simulate", policy });
    void open(policy);
  },
  select: (prefix) => dispatch({ kind: "selected", prefix }),
  reveal: (prefix) => reveal(prefix)?.focus(),
  ghost: (save) => {
    if (store.state.ghost !== save) dispatch({ kind: "ghosted", save });
  },
  zoom: (range) => dispatch({ kind: "zoomed", range: store.state.snapshot && range && isWhole(range, store.state.snapshot) ? undefined : range }),
  skip: (saves, save) => {
    dispatch({ kind: "skipped", saves });
    dispatch({ kind: "ghosted", save });
  },
  sort: (column) => dispatch({ kind: "sorted", column }),
  showOnly: (mark) => dispatch({ kind: "onlyShown", mark }),
  sizeDetails: (share) => dispatch({ kind: "detailsSized", share }),
  chooseMetric: () => void chooseMetric(),
  giveUpMetric: () => dispatch({ kind: "waited", how: "givenUp" }),
  showInGraph: (variable) => void showInGraph(variable),
  focus: (prefix) => {
    if (prefix === focused) return;
    focused = prefix;
    const { selected, before } = store.state;
    void ask.focused({ prefix, other: selected === prefix ? before : selected });
  },
  exportVariables: (prefix, name) => void ask.exportVariables({ prefix, name }),
  openFile: (prefix) => void ask.openFile({ prefix }),
  showSource: () => void ask.showSource({}),
  manageTrust: () => void ask.manageTrust({}),
  verify: (prefix) => void inspect(prefix, true),
  readStatistics: (prefix) => void readStatistics(prefix),
  cancelTask: (task) => void ask.cancelTask({ task }),
  compare: (prefix, other) => void ask.openCompare({ prefix, other }),
  ...treeActions(dispatch),
  ...valuesActions({
    values: () => store.state.values, dispatch,
    read: (name, choice) => asTask(dispatch, "Reading the slice", (task) => ask.slice({ prefix: store.state.selected ?? "", name, ...choice, task })),
  }),
  showVariables: (open) => dispatch({ kind: "variablesShown", open }),
  planRestore: (prefix) => void planRestore(prefix),
  branch: (branch) => dispatch({ kind: "branchNamed", branch }),
  choose: (choice) => void choose(choice),
  restore: (sheet) => void restore(sheet),
  undoRestore: () => void undoRestore(),
  planPrune: (prefix) => void planPrune(prefix),
  prune: () => void prune(),
  tick: (prefixes, ticked) => {
    dispatch({ kind: "ticked", prefixes, ticked });
    void readSums();
  },
  closeSheet: () => {
    const { sheet, task } = store.state;
    if (!sheet?.busy) dispatch({ kind: "sheetClosed" });
    else if (task && canCancel(task)) void ask.cancelTask({ task: task.id });
  },
  retryPrune: (plan) => {
    const { snapshot } = store.state;
    if (snapshot) void retryPrune(plan, snapshot.run);
  },
  undo: (trash) => void undo(trash),
  emptyTrash: () => void emptyTrash(),
  dismiss: () => dispatch({ kind: "done" }),
  command: (id, prefix) => void ask.command({ id, prefix }).then(openSoon),
  protect: (prefix, on) => void ask.command({ id: on ? "protectCheckpoint" : "unprotectCheckpoint", prefix }).then(openSoon),
  writePolicy: () => void writePolicy(),
  writeWithPrune: (write) => dispatch({ kind: "writeTicked", write }),
  dismissUndo: () => void change({ kind: "dismissUndo" }),
};
let focused: string | undefined;
const page = new CheckpointsPage(document.getElementById("root") ?? document.body, actions);

let thought: string | undefined;

function changed(_: unknown, { kind }: Happening): void {
  // The strip tells the effect of the restore that the sheet is about, and of no other.
  if (thought !== restoreInThought(store.state)) {
    thought = restoreInThought(store.state);
    void open(store.state.simulated);
  }
  const { selected, details, detailsShare, metric, snapshot } = store.state;
  if (kind === "selected" || kind === "detailsSized" || kind === "metricChosen") host.setState({ selected, detailsShare, metric });
  page.draw(store.state);
  const there = snapshot?.checkpoints.some(({ prefix }) => prefix === selected) ?? false;
  if (selected !== undefined && there && details?.prefix !== selected) void inspect(selected, false);
}

function reveal(prefix: string): HTMLElement | undefined {
  const row = document.querySelector<HTMLElement>(`tr[data-prefix="${CSS.escape(prefix)}"]`) ?? undefined;
  row?.scrollIntoView({ block: "nearest" });
  return row;
}

/** The files first, which are few; the metric fills in once all events were read. */
async function openFirst(): Promise<void> {
  const slow = window.setTimeout(() => dispatch({ kind: "waited", how: "slow" }), slowMs);
  await open(undefined, true);
  await open(store.state.simulated);
  window.clearTimeout(slow);
}

async function open(policy: RetentionPolicy | undefined, filesOnly?: true): Promise<void> {
  try {
    const afterRestore = restoreInThought(store.state);
    dispatch({ kind: "opened", snapshot: await ask.open({ policy, metric: store.state.metric, afterRestore, filesOnly }), policy, afterRestore, filesOnly });
  } catch (error) {
    dispatch({ kind: "openFailed", why: messageOf(error) });
  }
}

async function chooseMetric(): Promise<void> {
  const metric = await ask.chooseMetric({ tag: store.state.snapshot?.metric?.tag });
  if (!metric) return;
  dispatch({ kind: "metricChosen", metric });
  await open(store.state.simulated);
}

async function inspect(prefix: string, verify: boolean): Promise<void> {
  dispatch({ kind: "inspecting", prefix, verify });
  const read = (task?: string): Promise<CheckpointContent> => ask.inspect({ prefix, verify, task });
  try {
    dispatch({ kind: "inspected", prefix, content: await (verify ? asTask(dispatch, "Verifying", read) : read()) });
  } catch (error) {
    dispatch({ kind: "inspectFailed", prefix, why: messageOf(error) });
  }
}

async function showInGraph(variable: string): Promise<void> {
  try {
    await ask.showInGraph({ variable });
  } catch (error) {
    dispatch({ kind: "done", done: { text: messageOf(error), failed: true } });
  }
}

async function readStatistics(prefix: string): Promise<void> {
  try {
    const { variables } = await asTask(dispatch, "Reading values", (task) => ask.statistics({ prefix, task }));
    dispatch({ kind: "statisticsCame", prefix, variables });
  } catch (error) {
    dispatch({ kind: "inspectFailed", prefix, why: messageOf(error) });
  }
}

async function planRestore(prefix: string, branch = false): Promise<void> {
  const row = checkpointOf(store.state, prefix);
  const name = branch && store.state.snapshot && row ? { branch: branchName(store.state.snapshot.run, row) } : {};
  dispatch({ kind: "sheetOpened", sheet: { kind: "restore", prefix, choice: {}, busy: false, ...name } });
  try {
    dispatch({ kind: "preflightCame", prefix, preflight: await ask.preflight({ prefix }) });
  } catch (error) {
    dispatch({ kind: "sheetFailed", why: messageOf(error) });
  }
}

async function choose(choice: RestoreChoice): Promise<void> {
  const { sheet } = store.state;
  if (sheet?.kind !== "restore") return;
  const { prefix } = sheet;
  dispatch({ kind: "restoreChosen", choice });
  try {
    const preflight = await ask.preflight({ prefix, choice });
    const now = store.state.sheet;
    // Another tick may have come meanwhile; its own answer follows.
    if (now?.kind === "restore" && now.choice === choice) dispatch({ kind: "preflightCame", prefix, preflight });
  } catch (error) {
    dispatch({ kind: "sheetFailed", why: messageOf(error) });
  }
}

async function restore({ prefix, branch, choice }: RestoreSheet): Promise<void> {
  dispatch({ kind: "sheetBusy" });
  try {
    const { text } = await asTask(dispatch, "Reading", (task) => ask.restore({ prefix, branch: branch?.trim(), choice, task }));
    dispatch({ kind: "sheetClosed" });
    dispatch({ kind: "done", done: { text } });
    openSoon();
  } catch (error) {
    dispatch({ kind: "sheetFailed", why: messageOf(error) });
  }
}

async function undoRestore(): Promise<void> {
  try {
    dispatch({ kind: "done", done: await asTask(dispatch, "Undoing the restore", (task) => ask.undoRestore({ task })) });
  } catch (error) {
    dispatch({ kind: "done", done: { text: `The restore could not be undone: ${messageOf(error)}`, failed: true } });
  }
  openSoon();
}

async function planPrune(prefix: string | undefined): Promise<void> {
  const policy = store.state.simulated;
  dispatch({ kind: "sheetOpened", sheet: { kind: "prune", only: prefix, unticked: [], write: policy !== undefined, busy: false } });
  try {
    dispatch({ kind: "planCame", plan: await ask.planPrune(prefix === undefined ? { policy } : { policy, prefix }) });
    await readSums();
  } catch (error) {
    dispatch({ kind: "sheetFailed", why: messageOf(error) });
  }
}

/** What the plan, as it is ticked, comes to at the end. */
async function readSums(): Promise<void> {
  const { sheet, simulated } = store.state;
  const plan = sheet?.kind === "prune" && sheet.only === undefined ? tickedPlan(sheet) : undefined;
  if (!plan) return;
  const { unticked } = sheet as PruneSheet;
  try {
    dispatch({ kind: "sumsCame", unticked, sums: await ask.endSums({ policy: simulated, gone: plan.deletes.map(({ prefix }) => prefix) }) });
  } catch (error) {
    dispatch({ kind: "sheetFailed", why: messageOf(error) });
  }
}

async function prune(): Promise<void> {
  const { sheet, snapshot, simulated } = store.state;
  if (sheet?.kind !== "prune" || !snapshot) return;
  const plan = promisedPlan(sheet, simulated);
  if (!plan) return;
  dispatch({ kind: "sheetBusy" });
  try {
    const pruned = await ask.prune(plan);
    if (plan.beside?.policy) dispatch({ kind: "simulate" });
    dispatch({ kind: "sheetClosed" });
    dispatch({ kind: "done", done: pruneDone(plan, pruned, snapshot.run) });
    openSoon();
  } catch (error) {
    dispatch({ kind: "sheetFailed", why: messageOf(error) });
  }
}

/** Makes one change; why it could not be made is said on the page. */
async function change(act: CheckpointAct): Promise<boolean> {
  try {
    await ask.change(act);
    return true;
  } catch (error) {
    dispatch({ kind: "done", done: { text: messageOf(error), failed: true } });
    return false;
  } finally {
    openSoon();
  }
}

async function writePolicy(): Promise<void> {
  const { simulated } = store.state;
  if (!simulated || !(await change({ kind: "setPolicy", ...simulated }))) return;
  dispatch({ kind: "simulate" });
  await open(undefined);
}

/** Moves what stayed behind, once more. */
async function retryPrune(plan: PrunePlan, run: RunInfo): Promise<void> {
  dispatch({ kind: "busy", now: true });
  try {
    dispatch({ kind: "done", done: pruneDone(plan, await ask.prune(plan), run) });
  } catch (error) {
    dispatch({ kind: "done", done: { text: messageOf(error), failed: true, retry: plan } });
  }
  openSoon();
}

/** What is said after a prune, and what can be done about it. */
function pruneDone(plan: PrunePlan, { trash, left = [] }: PruneResult, run: RunInfo): Done {
  if (left.length === 0) return { text: prunedWords(plan, { run, numbers }), undo: trash };
  const stayed = plan.deletes.filter(({ prefix }) => left.some((one) => one.prefix === prefix));
  const retry = { deletes: stayed, keeps: plan.keeps, bytes: stayed.reduce((sum, { bytes }) => sum + bytes, 0) };
  return { text: stoppedWords(plan, left, numbers), failed: true, retry, undo: left.length < plan.deletes.length ? trash : undefined };
}

async function undo(trash: string): Promise<void> {
  dispatch({ kind: "busy", now: true });
  try {
    dispatch({ kind: "done", done: { text: undoneWords(await ask.undoPrune({ trash }), numbers) } });
  } catch (error) {
    dispatch({ kind: "done", done: { text: `Undo failed: ${messageOf(error)}`, failed: true, undo: trash } });
  }
  openSoon();
}

async function emptyTrash(): Promise<void> {
  try {
    const { emptied } = await ask.emptyTrash({});
    if (emptied) dispatch({ kind: "done", done: { text: "The trash is empty." } });
  } catch (error) {
    dispatch({ kind: "done", done: { text: `The trash could not be emptied: ${messageOf(error)}`, failed: true } });
  }
  openSoon();
}

window.setInterval(() => openSoon(), refreshEveryMs);
page.draw(store.state);
void openFirst();
