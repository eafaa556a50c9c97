// Main program of the graph view: wires the host's channel, the store, the layout worker and the page together.
import { printDot } from "#analysis/diagram/dotText";
import { messageOf } from "#base/errors";
import { openChannel } from "#protocol/channel";
import type { GraphAsks, GraphTells, SavedDrawing } from "#protocol/graphViewApi";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore } from "#kit/store";
import { registerControls } from "#kit/ui";
import type { Actions } from "./actions";
import { pngOf } from "./export";
import { GraphPage } from "./page";
import { Reading } from "./reading";
import { initialState, movesOf, reduce, savedState, type Happening } from "./state";

/** How often a training is asked for times while boxes are coloured by them: it measures only while it is asked. */
const timesEveryMs = 2000;
/** A sentence about what was done stays this long. */
const saidMs = 6000;

const host = hostWindow();
registerControls();

const tells: GraphTells = {
  graphChanged: () => void reading.open(),
  lifeChanged: (life) => {
    const before = store.state.life;
    dispatch({ kind: "lifeCame", life });
    if (life.savedSeconds !== before?.savedSeconds) reading.values();
  },
  seriesChanged: () => void reading.badges(),
  reveal: ({ name }) => {
    heard = name;
    actions.reveal(name);
  },
};
const { ask } = openChannel<ViewSide<GraphTells>, HostSide<GraphAsks>>(hostPipe(host), { asks: {}, tells });
const store = createStore(initialState(host.getState()), reduce, changed);
const { dispatch } = store;
const reading = new Reading(ask, store);
/** What other views chose: they are not told their own choice. */
let heard: string | undefined;
let told: string | undefined;
let saidTimer: number | undefined;

const actions: Actions = {
  select: (name) => {
    if (name !== undefined && !pathEnded(name)) dispatch({ kind: "select", name });
    else if (name === undefined) dispatch({ kind: "select", name });
  },
  walkTo: (name) => dispatch({ kind: "select", name }),
  reveal: (name) => {
    if (pathEnded(name)) return;
    dispatch({ kind: "reveal", name });
    page.reveal(name);
  },
  expand: (scope, opened) => dispatch({ kind: "expand", scope, open: opened }),
  unfold: (names) => dispatch({ kind: "unfold", names }),
  aside: (names, aside) => dispatch({ kind: "aside", names, aside }),
  bringAside: (scope) => {
    const { levels, broughtIn } = store.state;
    const resting = (levels.get(scope)?.nodes ?? []).filter((node) => node.aside !== undefined && !node.inReader).map(({ name }) => name);
    dispatch({ kind: "aside", names: resting, aside: resting.some((name) => broughtIn.has(name)) });
  },
  hoverEdge: (edge) => dispatch({ kind: "edgeHovered", edge }),
  search: (text) => {
    dispatch({ kind: "searched", text });
    reading.search(text);
  },
  revealFirst: async () => {
    const name = await reading.firstMatch();
    if (name !== undefined) actions.reveal(name);
    return name !== undefined;
  },
  findMore: () => void reading.findMore(),
  seekPath: (name) => {
    if (name !== undefined && pathEnded(name)) return;
    const { pathSearch } = store.state;
    // Sought once more from where it begins, it is given up.
    const over = name === undefined || (pathSearch?.from === name && pathSearch.to === undefined);
    dispatch({ kind: "pathSought", search: over ? undefined : { from: name } });
  },
  showChanges: (change, shown) => dispatch({ kind: "changesShown", change, shown }),
  panel: (panel, opened) => {
    dispatch({ kind: "panel", panel, open: opened });
    if (panel === "card" && opened) reading.values();
  },
  goToSource: (source) => void saying(ask.goToSource(source)),
  showTied: (kind, name) => void saying(ask.showTied({ kind, name })),
  showCurve: (tag) => void saying(ask.showCurve({ tag })),
  colourByTime: (on) => {
    dispatch({ kind: "byTime", on });
    if (on) void reading.times();
  },
  searchNonFinite: () => void searchNonFinite(),
  drawAnyway: (scope) => dispatch({ kind: "drawAnyway", scope }),
  closeBanner: () => dispatch({ kind: "bannerClosed" }),
  save: (kind) => void saying(save(kind)),
  command: (id) => void ask.command({ id }),
};
const page = new GraphPage(document.getElementById("root") ?? document.body, actions);

function changed(_: unknown, { kind }: Happening): void {
  if (["expand", "panel", "reveal", "unfold", "aside"].includes(kind)) host.setState(savedState(store.state));
  if (kind === "select" || kind === "reveal" || kind === "expand") {
    void reading.selection();
    tellChosen();
  }
  if (kind === "aside") void ask.keepMoves(movesOf(store.state));
  page.draw(store.state);
  if (kind === "expand" || kind === "reveal") void reading.levels();
}

/** With a path begun, the next box that is chosen is its end. */
function pathEnded(to: string): boolean {
  const { pathSearch } = store.state;
  if (!pathSearch || pathSearch.to !== undefined || pathSearch.from === to) return false;
  const { from } = pathSearch;
  dispatch({ kind: "pathSought", search: { from, to } });
  dispatch({ kind: "searched", text: "" });
  void reading.path(from, to);
  return true;
}

/** One choice for all views of the run; what came from them is not told back. */
function tellChosen(): void {
  const { selected } = store.state;
  if (selected === told) return;
  told = selected;
  if (selected !== heard) void ask.chosen(selected === undefined ? {} : { name: selected });
  heard = undefined;
}

async function searchNonFinite(): Promise<void> {
  dispatch({ kind: "searching", on: true });
  await saying(ask.searchNonFinite({}).then(() => undefined));
  dispatch({ kind: "searching", on: false });
}

async function save(kind: SavedDrawing["kind"]): Promise<string> {
  if (kind === "dot") {
    const { title } = store.state;
    return (await ask.saveDrawing({ kind, name: title, text: printDot(store.state, { title, numbers }) })).text;
  }
  const drawn = page.printed();
  if (!drawn) return "";
  const { title: name } = store.state;
  const drawing: SavedDrawing = kind === "svg" ? { kind, name, text: drawn } : { kind, name, bytes: await pngOf(drawn) };
  return (await ask.saveDrawing(drawing)).text;
}

/** Says what came of something, also where it failed. */
async function saying(work: Promise<string | void>): Promise<void> {
  let text: string | undefined;
  try {
    text = (await work) ?? "";
  } catch (error) {
    text = messageOf(error);
  }
  if (text === "") return;
  dispatch({ kind: "said", text });
  window.clearTimeout(saidTimer);
  saidTimer = window.setTimeout(() => dispatch({ kind: "said", text: undefined }), saidMs);
}

page.draw(store.state);
void reading.open();
setInterval(() => {
  const { byTime, life } = store.state;
  if (byTime && life?.running && document.visibilityState === "visible") void reading.times();
}, timesEveryMs);
