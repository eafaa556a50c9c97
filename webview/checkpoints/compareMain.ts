// Main program of the comparison, a tab of its own beside the checkpoint browser of a run.
import { messageOf } from "#base/errors";
import type { VariableInfo } from "#model/checkpoint";
import { openChannel } from "#protocol/channel";
import type { CheckpointsAsks, CheckpointsTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { focusKeeper } from "#kit/focus";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore, paced } from "#kit/store";
import { html, render, type Content } from "#kit/template";
import { blank, link, registerControls } from "#kit/ui";
import { missingFigures } from "./changedTable";
import { comparePage, type CompareActions } from "./comparePage";
import { comparable, comparePageAfter, pairOf, type ComparePageState, type CompareState, type Pair } from "./compareState";
import { asTask } from "./looks";

const openEveryMs = 2000;
const fewSteps = 100;
/** Scopes are told apart to this depth. */
const scopeDepth = 3;
/** Below this width a few columns are left out. */
const narrowBelow = 960;

const host = hostWindow();
registerControls();
const root = document.getElementById("root") ?? document.body;

const tells: CheckpointsTells = {
  taskProgressed: (progress) => store.dispatch({ kind: "taskProgressed", progress }),
  runChanged: () => openSoon(),
  show: () => undefined,
  showRestore: () => undefined,
  showPrune: () => undefined,
  scopeChosen: () => undefined,
  showCompare: ({ prefix, other }) => {
    const pair = pairOf(store.state.snapshot?.checkpoints ?? [], { selected: prefix, ...(other !== undefined && { other }) });
    if (pair) void compare(pair);
  },
};
const { ask } = openChannel<ViewSide<CheckpointsTells>, HostSide<CheckpointsAsks>>(hostPipe(host), { asks: {}, tells });
const store = createStore<ComparePageState, Parameters<typeof comparePageAfter>[1]>({}, comparePageAfter, draw);
const { dispatch } = store;
const openSoon = paced(() => void open(), openEveryMs);

const actions: CompareActions = {
  compare: (from, to) => void compare({ from, to }),
  weigh: (weights) => {
    dispatch({ kind: "weighed", weights });
    void look();
  },
  measure: (measure) => dispatch({ kind: "measured", measure }),
  toggleScope: (scope) => dispatch({ kind: "compareScopeToggled", scope }),
  filter: (text) => {
    dispatch({ kind: "compareFiltered", text });
    void readFigures();
  },
  planRestore: (prefix) => void ask.command({ id: "restoreCheckpoint", prefix }),
  exportVariables: (prefix) => void ask.exportVariables({ prefix }),
  cancelTask: (task) => void ask.cancelTask({ task }),
};

// A link that is gone with what it was about hands the keys to the heat map, or to the choice of the two where there is none.
const keepFocus = focusKeeper(root, () => root.querySelector<HTMLElement>(".heat td[tabindex='0']") ?? root.querySelector<HTMLElement>("[data-action='compareFrom']") ?? undefined);

function draw(): void {
  keepFocus(() => render(page(store.state), root));
  root.dataset.ready = String(store.state.snapshot !== undefined || store.state.failed !== undefined);
}

function page({ snapshot, failed, compare: compared, task }: ComparePageState): Content {
  if (!snapshot) {
    return failed === undefined ? html`<div class="progress-line"></div>${blank({ title: "Reading checkpoints…" })}`
      : blank({ title: "The checkpoints could not be read.", text: failed, action: link({ label: "Show Log", onClick: () => void ask.command({ id: "showLog" }) }) });
  }
  if (!compared) return blank({ title: "There is nothing to compare.", text: "A comparison takes two whole checkpoints of one run." });
  return html`<div class=${root.clientWidth < narrowBelow ? "page narrow-page" : "page"}>${comparePage(compared, { snapshot, actions, task })}</div>`;
}

async function open(): Promise<void> {
  try {
    dispatch({ kind: "opened", snapshot: await ask.open({}) });
  } catch (error) {
    return dispatch({ kind: "openFailed", why: messageOf(error) });
  }
  const { snapshot, compare: before } = store.state;
  if (before || !snapshot) return;
  const saved = pairIn(host.getState());
  const pair = saved && [saved.from, saved.to].every((prefix) => snapshot.checkpoints.some((one) => one.prefix === prefix)) ? saved : pairOf(snapshot.checkpoints, { selected: undefined });
  if (pair) await compare(pair);
}

function pairIn(saved: unknown): Pair | undefined {
  const { from, to } = (typeof saved === "object" && saved !== null ? saved : {}) as { readonly from?: unknown; readonly to?: unknown };
  return typeof from === "string" && typeof to === "string" ? { from, to } : undefined;
}

async function compare({ from, to }: Pair): Promise<void> {
  const { compare: before, snapshot } = store.state;
  if (from === to || (before?.from === from && before.to === to && before.problem === undefined)) return;
  const step = (prefix: string): number => snapshot?.checkpoints.find((row) => row.prefix === prefix)?.step ?? NaN;
  // In a run of a few steps, a change per 1,000 of them says nothing.
  const few = !(Math.abs(step(to) - step(from)) >= fewSteps);
  dispatch({ kind: "compareOpened", from, to, ...(few && { measure: "between" as const }) });
  host.setState({ from, to });
  await look();
}

/** The pair and the weights that were asked for have not changed meanwhile. */
function isCurrent({ from, to, weights }: CompareState): boolean {
  const now = store.state.compare;
  return now?.from === from && now.to === to && now.weights === weights;
}

/** First what changed between the two, then figures of what changed most, then the map over all, which takes longest. */
async function look(): Promise<void> {
  const { task, compare: wanted } = store.state;
  if (task) await ask.cancelTask({ task: task.id });
  if (!wanted) return;
  const { from, to, weights } = wanted;
  try {
    const [before, after] = [await index(from), await index(to)];
    dispatch({ kind: "indexCame", from, to, variables: { from: before, to: after } });
    const difference = await asTask(dispatch, "Comparing", (name) => ask.difference({ from, to, depth: scopeDepth, weights, task: name }));
    dispatch({ kind: "differenceCame", from, to, weights, difference });
    if (isCurrent(wanted)) await readFigures();
    if (!isCurrent(wanted) || store.state.compare?.map) return;
    const prefixes = comparable(store.state.snapshot?.checkpoints ?? []).map(({ prefix }) => prefix);
    dispatch({ kind: "mapCame", weights, map: await asTask(dispatch, "Comparing all", (name) => ask.changeMap({ prefixes, depth: scopeDepth, weights, task: name })) });
  } catch (error) {
    if (isCurrent(wanted)) dispatch({ kind: "compareFailed", why: messageOf(error) });
  }
}

async function index(prefix: string): Promise<ReadonlyMap<string, VariableInfo>> {
  const { variables } = await ask.inspect({ prefix, verify: false });
  return new Map(variables.map((one) => [one.name, one]));
}

let reading = false;

/** Of the rows that are shown first, as far as they are missing; again where others came to be shown meanwhile. */
async function readFigures(): Promise<void> {
  const { compare: wanted } = store.state;
  const names = wanted ? missingFigures(wanted) : [];
  if (!wanted || names.length === 0 || reading) return;
  const { from, to, weights } = wanted;
  reading = true;
  try {
    const figures = await asTask(dispatch, "Reading values", (task) => ask.pairFigures({ from, to, names, weights, task }));
    dispatch({ kind: "figuresCame", from, to, weights, figures });
    // A variable without figures, or a person who cancelled, would be asked for without an end.
    if (figures.length < names.length) return;
  } finally {
    reading = false;
  }
  await readFigures();
}

new ResizeObserver(() => draw()).observe(root);
draw();
void open();
