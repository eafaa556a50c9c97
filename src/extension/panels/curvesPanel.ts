// What stands behind the curves page: slices out of the reader, and a word when there is more to ask for.
import { Lifetime } from "#base/lifetime";
import { openChannel } from "#protocol/channel";
import { curvesChecks } from "#protocol/viewChecks";
import type { CurvesAsks, CurvesTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { throttled } from "../throttle";
import { runOf, type PanelParts } from "./panelParts";
import type { PanelServer } from "./panelServer";

/** A page asks at most ten times a second, so it hears no more often that there is news. */
const tellMs = 100;
const runMs = 1000;
/** Coming saves that are simulated for the ticks' words. */
const forecast = 8;

/** Answers curves pages. A hidden page is not told anything; it asks for everything when it is shown again. */
export function curvesServer(parts: PanelParts): PanelServer {
  return ({ pipe, dir, visible }) => {
    const { reader, runs } = parts;
    const life = new Lifetime();
    let revision = 0;
    const following = reader.follow(dir);
    life.own(following);
    const asks: CurvesAsks = {
      open: async () => {
        const content = await following.content();
        revision = Math.max(revision, content.revision);
        const list = await reader.ask.checkpoints({ dir, nowSeconds: Date.now() / 1000, forecast });
        return { run: await runOf(parts, dir, content), revision: content.revision, tags: content.tags, checkpoints: list.checkpoints };
      },
      slice: (request) => reader.ask.slice({ ...request, dir }),
      restore: async ({ prefix }) => ({ restored: await parts.checkpoints.restoreAsking(dir, prefix) }),
      command: ({ id }) => parts.command(id, dir),
    };
    const channel = life.own(openChannel<HostSide<CurvesAsks>, ViewSide<CurvesTells>>(pipe, { asks, tells: {} }, curvesChecks));
    const tellSeries = life.own(
      throttled(tellMs, () => {
        if (visible()) channel.tell.seriesChanged({ revision });
      }),
    );
    const tellRun = life.own(
      throttled(runMs, () => {
        if (visible()) channel.tell.runChanged({});
      }),
    );
    life.own(
      following.onChanged((now) => {
        revision = now;
        tellSeries();
      }),
    );
    life.own(runs.onDidChange((changed) => (changed === undefined || changed === dir) && tellRun()));
    return { nudge: () => channel.tell.runChanged({}), dispose: () => life.dispose() };
  };
}
