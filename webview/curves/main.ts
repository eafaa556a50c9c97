// Main program of the curves view: wires the host's channel, the store and the page together.
import { messageOf } from "#base/errors";
import { openChannel } from "#protocol/channel";
import type { CurvesAsks, CurvesTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore, paced } from "#kit/store";
import { watchTheme } from "#kit/theme";
import { registerControls } from "#kit/ui";
import { CurvesPage } from "./page";
import { initialState, reduce, wantedSlices, type Happening } from "./state";

/** Points are asked for and drawn at most this often. */
const drawEveryMs = 100;
/** State, tags and ticks are asked for at most this often. */
const openEveryMs = 500;

const now = (): number => Date.now() / 1000;
const host = hostWindow();
registerControls();

const tells: CurvesTells = {
  seriesChanged: ({ revision }) => store.dispatch({ kind: "seriesChanged", revision }),
  runChanged: () => openSoon(),
};
const channel = openChannel<ViewSide<CurvesTells>, HostSide<CurvesAsks>>(hostPipe(host), { asks: {}, tells });
const store = createStore(initialState(host.getState(), now()), reduce, changed);
const root = document.getElementById("root") ?? document.body;
const page = new CurvesPage(root, {
  dispatch: (happening) => store.dispatch(happening),
  prefer: (change) => store.dispatch({ kind: "prefer", change }),
  command: (id) => void channel.ask.command({ id }),
  restore: (prefix) => void restore(prefix),
});
const drawSoon = paced(() => page.draw(store.state), drawEveryMs);
const askSoon = paced(askSlices, drawEveryMs);
const openSoon = paced(() => void open(), openEveryMs);

/** What the person does is drawn at once; what the host says is paced. */
const paceds: ReadonlySet<Happening["kind"]> = new Set(["asked", "seriesChanged", "sliceCame", "sliceRefused", "opened", "shown", "hidden", "clock"]);

function changed(_: unknown, { kind }: Happening): void {
  if (kind === "prefer" || kind === "scopeToggled") host.setState(store.state.preferences);
  if (kind === "asked") return;
  if (paceds.has(kind)) drawSoon();
  else page.draw(store.state);
  askSoon();
}

function askSlices(): void {
  const { revision } = store.state;
  for (const { request, key } of wantedSlices(store.state)) {
    const { tag } = request;
    store.dispatch({ kind: "asked", tag });
    channel.ask.slice(request).then(
      (slice) => store.dispatch({ kind: "sliceCame", drawn: { slice, key, revision } }),
      (error: unknown) => store.dispatch({ kind: "sliceRefused", tag, key, revision, why: messageOf(error) }),
    );
  }
}

async function open(): Promise<void> {
  try {
    store.dispatch({ kind: "opened", snapshot: await channel.ask.open({}) });
  } catch (error) {
    store.dispatch({ kind: "openFailed", why: messageOf(error) });
  }
}

async function restore(prefix: string): Promise<void> {
  store.dispatch({ kind: "restoring", now: true });
  try {
    await channel.ask.restore({ prefix });
  } catch (error) {
    store.dispatch({ kind: "openFailed", why: messageOf(error) });
  }
  store.dispatch({ kind: "restoring", now: false });
}

watchTheme((theme) => page.themeChanged(theme));
window.setInterval(() => store.dispatch({ kind: "clock", nowSeconds: now() }), 30_000);
page.draw(store.state);
void open();
