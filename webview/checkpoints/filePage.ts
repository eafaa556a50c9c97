// Main program of the page of one checkpoint file: its head and its variables, outside of any run.
import { messageOf } from "#base/errors";
import { openChannel } from "#protocol/channel";
import type { CheckpointFile, CheckpointFileAsks, HostSide, ViewSide } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore } from "#kit/store";
import { html, nothing, render, type Content } from "#kit/template";
import { blank, button, iconOf, link, registerControls, textField } from "#kit/ui";
import type { Details } from "./state";
import { treeActions, treeAfter, wholeTree, type TreeHappening, type TreeView } from "./tree";
import { variableTable, verified } from "./variableTable";

interface FileState {
  readonly tree: TreeView;
  readonly file?: CheckpointFile;
  readonly problem?: string;
  readonly details: Details;
}

type Happening =
  | TreeHappening
  | { readonly kind: "opened"; readonly file: CheckpointFile }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "inspected"; readonly details: Details };

const host = hostWindow();
registerControls();
const root = document.getElementById("root") ?? document.body;
const { ask } = openChannel<ViewSide<Record<never, never>>, HostSide<CheckpointFileAsks>>(hostPipe(host), { asks: {}, tells: {} });
const initial: FileState = { tree: wholeTree, details: { prefix: "", verifying: false } };
const store = createStore(initial, reduce, () => draw(store.state));
const { dispatch } = store;

function reduce(state: FileState, happening: Happening): FileState {
  switch (happening.kind) {
    case "opened": return { ...state, file: happening.file };
    case "failed": return { ...state, problem: happening.why };
    case "inspected": return { ...state, details: happening.details };
    default: return { ...state, tree: treeAfter(state.tree, happening) };
  }
}

const exportVariable = (name?: string): void => void ask.exportVariables({ name });
const actions = { ...treeActions(dispatch), exportVariable, verify: () => void inspect(true) };

async function inspect(verify: boolean): Promise<void> {
  const { content } = store.state.details;
  dispatch({ kind: "inspected", details: { prefix: "", content, verifying: verify } });
  try {
    dispatch({ kind: "inspected", details: { prefix: "", content: await ask.inspect({ verify }), verifying: false } });
  } catch (error) {
    dispatch({ kind: "inspected", details: { prefix: "", content, problem: messageOf(error), verifying: false } });
  }
}

function draw(state: FileState): void {
  render(page(state), root);
  root.dataset.ready = String(state.file !== undefined || state.problem !== undefined);
}

function page({ file, problem, details, tree }: FileState): Content {
  if (!file) return problem === undefined ? html`<div class="progress-line"></div>` : blank({ title: "The checkpoint could not be read.", text: problem });
  const { content } = details;
  const total = content?.variables.length ?? 0;
  const words = [
    `saved ${numbers.clock(file.wallTimeSeconds, file.nowSeconds)}`, content && numbers.counted(total, "variable", "variables"), numbers.bytes(file.bytes),
    content && (content.shards === 1 ? undefined : numbers.counted(content.shards, "shard", "shards")), content?.objects && "object-based",
  ].filter(Boolean).join(" · ");
  return html`<div class="page file-page"><section class="details file-details" aria-label="Details of ${file.name}">
    ${details.verifying ? html`<div class="progress-line"></div>` : nothing}
    <div class="details-head"><h2 class="cut" title=${file.name}>${file.name}</h2><span class="secondary cut details-words" title=${words}>${words}</span>
      ${content || details.verifying ? verified(details, { prefix: "", bytes: file.bytes, actions }) : nothing}<span class="grow"></span>
      ${file.inRun ? link({ label: "Show in Run", name: "showInRun", onClick: () => void ask.showInRun({}) }) : nothing}
      ${textField({ label: "Search variables", placeholder: `Search ${numbers.counted(total, "variable", "variables")}`, value: tree.filter, icon: "search", className: "search", name: "searchVariables", onInput: actions.filter })}
      ${button({ label: "Export…", name: "exportAll", onClick: () => exportVariable() })}</div>
    ${content?.problems.length && !details.verifying ? html`<p class="details-problem wrong">${iconOf("warning")} ${content.problems.join(" ")}</p>` : nothing}
    ${variableTable({ view: tree, details, actions })}</section></div>`;
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
