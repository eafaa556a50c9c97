// Main program of the graph view: wires the host's channel, the store, the layout worker and the page together.
import { opens } from "#analysis/diagram/view";
import { messageOf } from "#base/errors";
import { openChannel } from "#protocol/channel";
import type { GraphAsks, GraphTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore } from "#kit/store";
import { registerControls } from "#kit/ui";
import type { Actions } from "./actions";
import { GraphPage } from "./page";
import { initialState, reduce, savedState, wantedLevels, type Happening } from "./state";

/** Scopes read for the search index; more than this would be a graph that no one searches by scrolling. */
const mostIndexed = 3000;
/** Scopes asked for at once while indexing. */
const atOnce = 16;
/** How often a training is asked how it is, while it runs and the page is seen. */
const lifeEveryMs = 2000;

const host = hostWindow();
registerControls();

const tells: GraphTells = { graphChanged: () => void open() };
const { ask } = openChannel<ViewSide<GraphTells>, HostSide<GraphAsks>>(hostPipe(host), { asks: {}, tells });
const store = createStore(initialState(host.getState()), reduce, changed);
const { dispatch } = store;
let indexing = false;

const actions: Actions = {
  select: (name) => dispatch({ kind: "select", name }),
  reveal: (name) => {
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
  search: (text) => dispatch({ kind: "searched", text }),
  index: () => void index(),
  panel: (panel, opened) => dispatch({ kind: "panel", panel, open: opened }),
  goToSource: (source) => void ask.goToSource(source),
  colourByTime: (on) => {
    dispatch({ kind: "byTime", on });
    void readLife();
  },
  searchNonFinite: () => void searchNonFinite(),
  closeBanner: () => dispatch({ kind: "bannerClosed" }),
  command: (id) => void ask.command({ id }),
};
const page = new GraphPage(document.getElementById("root") ?? document.body, actions);

function changed(_: unknown, { kind }: Happening): void {
  if (["expand", "panel", "reveal", "unfold", "aside"].includes(kind)) host.setState(savedState(store.state));
  if (kind === "select" || kind === "reveal") void readFacts();
  // A hundred levels read for the search need not be drawn one by one.
  if (!(indexing && kind === "levelCame" && store.state.search === "")) page.draw(store.state);
  if (kind === "expand" || kind === "reveal" || kind === "opened") for (const scope of wantedLevels(store.state)) void readLevel(scope);
}

async function open(): Promise<void> {
  try {
    const { title, level } = await ask.open({});
    dispatch({ kind: "opened", title, level });
    await readLife();
  } catch (error) {
    dispatch({ kind: "openFailed", why: messageOf(error) });
  }
}

async function readLife(): Promise<void> {
  try {
    dispatch({ kind: "lifeCame", life: await ask.life({ times: store.state.byTime }) });
  } catch (error) {
    dispatch({ kind: "openFailed", why: messageOf(error) });
  }
}

async function searchNonFinite(): Promise<void> {
  dispatch({ kind: "searching", on: true });
  try {
    await ask.searchNonFinite({});
    await readLife();
  } catch (error) {
    dispatch({ kind: "openFailed", why: messageOf(error) });
  } finally {
    dispatch({ kind: "searching", on: false });
  }
}

async function readLevel(scope: string): Promise<void> {
  dispatch({ kind: "levelAsked", scope });
  try {
    dispatch({ kind: "levelCame", level: await ask.level({ scope }) });
  } catch (error) {
    dispatch({ kind: "levelRefused", scope, why: messageOf(error) });
  }
}

async function readFacts(): Promise<void> {
  const { selected, facts } = store.state;
  if (selected === undefined || facts?.name === selected) return;
  try {
    dispatch({ kind: "factsCame", facts: await ask.node({ name: selected }) });
  } catch (error) {
    dispatch({ kind: "openFailed", why: messageOf(error) });
  }
}

// Breadth first: the scopes that a person is likely to want come first. A few at a time, so that the host stays free.
async function index(): Promise<void> {
  if (indexing || store.state.indexed) return;
  indexing = true;
  const seen = new Set<string>();
  let wave = [""];
  while (wave.length > 0 && seen.size < mostIndexed) {
    const found: string[] = [];
    for (let start = 0; start < wave.length; start += atOnce) {
      const scopes = wave.slice(start, start + atOnce).filter((scope) => !seen.has(scope));
      await Promise.all(scopes.filter((scope) => !store.state.levels.has(scope)).map(readLevel));
      for (const scope of scopes) {
        seen.add(scope);
        found.push(...(store.state.levels.get(scope)?.nodes ?? []).filter(opens).map(({ name }) => name));
      }
    }
    wave = found;
  }
  indexing = false;
  dispatch({ kind: "indexed" });
}

page.draw(store.state);
void open();
setInterval(() => {
  if (store.state.life?.running && document.visibilityState === "visible") void readLife();
}, lifeEveryMs);
