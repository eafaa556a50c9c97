// Main program of the page of one checkpoint file: its head and its variables, outside of any run.
import { messageOf } from "#base/errors";
import { openChannel } from "#protocol/channel";
import type { CheckpointFile, CheckpointFileAsks, CheckpointFileTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { focusKeeper } from "#kit/focus";
import { numbers } from "#kit/numbers";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore } from "#kit/store";
import { html, nothing, render, type Content } from "#kit/template";
import { blank, button, iconOf, link, registerControls, textField } from "#kit/ui";
import { asTask, taskAfter, type TaskHappening } from "./looks";
import type { Details } from "./state";
import { taskLine } from "./task";
import type { Task } from "./taskWords";
import { treeActions, treeAfter, wholeTree, type TreeHappening, type TreeView } from "./tree";
import { valuesActions, valuesAfter, type ValuesHappening, type ValuesState } from "./values";
import { paintValues } from "./valuesDraw";
import { moveFocus, valuesPane } from "./valuesPane";
import { nonFiniteWords, variableTable, verified } from "./variableTable";

interface FileState {
  readonly tree: TreeView;
  readonly values?: ValuesState;
  readonly task?: Task;
  readonly file?: CheckpointFile;
  readonly problem?: string;
  readonly details: Details;
}

type Happening =
  | TreeHappening
  | TaskHappening
  | ValuesHappening
  | { readonly kind: "opened"; readonly file: CheckpointFile }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "inspected"; readonly details: Details };

const host = hostWindow();
registerControls();
const root = document.getElementById("root") ?? document.body;
const tells: CheckpointFileTells = { taskProgressed: (progress) => dispatch({ kind: "taskProgressed", progress }) };
const { ask } = openChannel<ViewSide<CheckpointFileTells>, HostSide<CheckpointFileAsks>>(hostPipe(host), { asks: {}, tells });
const initial: FileState = { tree: wholeTree, details: { prefix: "", verifying: false } };
const store = createStore(initial, reduce, () => draw(store.state));
const { dispatch } = store;

function reduce(state: FileState, happening: Happening): FileState {
  switch (happening.kind) {
    case "opened": return { ...state, file: happening.file };
    case "failed": return { ...state, problem: happening.why };
    case "inspected": return { ...state, details: happening.details };
    case "taskBegun": case "taskProgressed": case "taskEnded": return { ...state, task: taskAfter(state.task, happening) };
    case "filtered": case "scopeToggled": case "treeScrolled": case "treeWalked": case "scopeChosen": case "scopeLeft": return { ...state, tree: treeAfter(state.tree, happening) };
    default: return { ...state, values: valuesAfter(state.values, happening) };
  }
}

const exportVariable = (name?: string): void => void ask.exportVariables({ name });
const actions = {
  ...treeActions(dispatch), exportVariable, verify: () => void inspect(true), cancelTask: (task: string) => void ask.cancelTask({ task }),
  ...valuesActions({
    values: () => store.state.values, dispatch,
    read: (name, choice) => asTask(dispatch, "Reading the slice", (task) => ask.slice({ name, ...choice, task })),
  }),
};

async function inspect(verify: boolean): Promise<void> {
  await change({ verifying: verify }, async () => ({
    content: await (verify ? asTask(dispatch, "Verifying", (task) => ask.inspect({ verify, task })) : ask.inspect({ verify })),
  }));
}

async function readStatistics(): Promise<void> {
  await change({}, async () => {
    const { variables } = await asTask(dispatch, "Reading values", (task) => ask.statistics({ task }));
    return { statistics: new Map(variables.map((one) => [one.name, one])) };
  });
}

/** Adds to what is known of the checkpoint what a look brings. */
async function change(meanwhile: Partial<Details>, look: () => Promise<Partial<Details>>): Promise<void> {
  const tell = (found: Partial<Details>): void => dispatch({ kind: "inspected", details: { ...store.state.details, verifying: false, problem: undefined, ...found } });
  tell(meanwhile);
  try {
    tell(await look());
  } catch (error) {
    tell({ problem: messageOf(error) });
  }
}

let before: FileState | undefined;

const keepFocus = focusKeeper(root, () => root.querySelector<HTMLElement>(".variables tr[tabindex='0']") ?? root.querySelector<HTMLElement>("[data-action='searchVariables']") ?? undefined);

function draw(state: FileState): void {
  keepFocus(() => {
    render(page(state), root);
    paintValues(root, state.values);
    moveFocus(root, before?.values, state.values);
  });
  before = state;
  root.dataset.ready = String(state.file !== undefined || state.problem !== undefined);
}

function page({ file, problem, details, tree, values, task }: FileState): Content {
  if (!file) return problem === undefined ? html`<div class="progress-line"></div>` : blank({ title: "The checkpoint could not be read.", text: problem });
  const { content } = details;
  const total = content?.variables.length ?? 0;
  const words = [
    `saved ${numbers.clock(file.wallTimeSeconds, file.nowSeconds)}`, content && numbers.counted(total, "variable", "variables"), numbers.bytes(file.bytes),
    content && (content.shards === 1 ? undefined : numbers.counted(content.shards, "shard", "shards")), content?.objects && "object-based",
  ].filter(Boolean).join(" · ");
  return html`<div class="page file-page"><h1 class="hidden-text">Checkpoint file ${file.name}</h1><section class="details file-details" aria-label="Details of ${file.name}">
    ${task ? taskLine(task, actions) : nothing}
    <div class="details-head"><h2 class="cut" title=${file.name}>${file.name}</h2><span class="secondary cut details-words" title=${words}>${words}</span>
      ${details.verifying || content?.problems.length === 0 ? verified(details, { prefix: "", bytes: file.bytes, actions }) : nothing}
      ${details.statistics ? nonFiniteWords(details.statistics) : content && !task ? button({ label: "Statistics", name: "statistics", onClick: () => void readStatistics() }) : nothing}<span class="grow"></span>
      ${file.inRun ? link({ label: "Show in Run", name: "showInRun", onClick: () => void ask.showInRun({}) }) : nothing}
      ${textField({ label: "Search variables", placeholder: `Search ${numbers.counted(total, "variable", "variables")}`, value: tree.filter, icon: "search", className: "search", name: "searchVariables", onInput: actions.filter })}
      ${button({ label: "Export…", name: "exportAll", onClick: () => exportVariable() })}</div>
    ${content?.problems.length && !details.verifying ? html`<p class="details-problem wrong">${iconOf("warning")} ${content.problems.join(" ")}</p>` : nothing}
    ${values ? valuesPane(values, actions) : variableTable({ view: tree, details, actions })}</section></div>`;
}

async function open(): Promise<void> {
  try {
    dispatch({ kind: "opened", file: await ask.open({}) });
    await inspect(false);
  } catch (error) {
    dispatch({ kind: "failed", why: messageOf(error) });
  }
}

draw(store.state);
void open();
