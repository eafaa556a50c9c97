// What stands behind the graph page: one level of the scope tree at a time, out of the reader, and what its run tells.
import { basename } from "node:path";
import { UserError } from "#base/errors";
import { Lifetime } from "#base/lifetime";
import type { NonFiniteSearch } from "#model/diagnosis";
import { openChannel } from "#protocol/channel";
import type { BoxMoves, GraphAsks, GraphTells } from "#protocol/graphViewApi";
import { graphChecks } from "#protocol/graphViewChecks";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import { RunLife } from "./graphLife";
import { saveDrawing, showCurve, showLine, tiesOf } from "./graphTies";
import { BoxValues } from "./graphValues";
import type { PanelParts } from "./panelParts";
import type { PageIntent, PanelServer } from "./panelServer";

/** Answers graph pages. */
export function graphServer(parts: PanelParts): PanelServer {
  return ({ pipe, dir, before, visible }) => {
    const { reader, runs, scopes } = parts;
    const life = new Lifetime();
    const of = { path: dir, ...(before !== undefined && { before }) };
    const titleOf = (path: string): string => runs.get(path)?.name ?? basename(path);
    let wanted: PageIntent | undefined;
    let opened = false;
    const values = life.own(new BoxValues(() => ({ checkpoints: parts.checkpointsOf(dir), cancelTask: (task) => reader.cancelTask(task) })));
    const tellWanted = (): void => {
      opened = true;
      if (wanted?.kind === "box") channel.tell.reveal({ name: wanted.name });
      wanted = undefined;
    };
    const asks: GraphAsks = {
      open: async () => {
        const [level, tags, now] = await Promise.all([reader.ask.graphLevel({ ...of, scope: "" }), reader.ask.graphTags({ path: dir }), run.now()]);
        const moves = parts.memory.get<BoxMoves | undefined>(movesKey(dir), undefined);
        // What somebody wants shown is told once the page has what it shows.
        setTimeout(tellWanted);
        return { title: titleOf(dir), level, tags, life: now, ...(moves && { moves }), ...(!runs.get(dir) && { file: true as const }), ...(before !== undefined && { comparing: { before: titleOf(before), after: titleOf(dir) } }) };
      },
      level: ({ scope }) => reader.ask.graphLevel({ ...of, scope }),
      node: ({ name }) => reader.ask.graphNode({ ...of, name }),
      search: (search) => reader.ask.searchGraph({ ...of, ...search }),
      path: (ends) => reader.ask.graphPath({ ...of, ...ends }),
      oddities: () => reader.ask.graphOddities(of),
      changes: async () => (before === undefined ? undefined : reader.ask.graphChanges({ path: dir, before })),
      ties: ({ name }) => tiesOf(reader, dir, name),
      values: async ({ variables }) => (runs.get(dir) ? values.read(variables) : undefined),
      badges: ({ tags }) => run.badges(tags),
      times: async () => runs.live(dir)?.ask.stepTimes({}),
      chosen: async ({ name }) => {
        values.leave();
        scopes.choose({ dir, ties: name === undefined ? undefined : await tiesOf(reader, dir, name) });
      },
      showTied: async ({ kind, name }) => {
        scopes.choose({ dir, ties: await tiesOf(reader, dir, name) });
        parts.open(kind, dir);
      },
      showCurve: async ({ tag }) => showCurve(parts, dir, tag),
      goToSource: (source) => showLine(dir, source),
      searchNonFinite: () => searchNonFinite(parts, dir),
      keepMoves: async (moves) => parts.memory.update(movesKey(dir), moves.broughtIn.length + moves.sentAside.length > 0 ? moves : undefined),
      saveDrawing: async (drawing) => ({ text: await saveDrawing(dir, drawing) }),
      command: ({ id }) => parts.command(id, dir),
    };
    const channel = life.own(openChannel<HostSide<GraphAsks>, ViewSide<GraphTells>>(pipe, { asks, tells: {} }, graphChecks));
    const run = life.own(
      new RunLife(parts, dir, {
        lifeChanged: (now) => visible() && channel.tell.lifeChanged(now),
        seriesChanged: () => visible() && channel.tell.seriesChanged({}),
      }),
    );
    // A graph is written once, at the start of a training: it is new when the run's state is.
    let state = runs.get(dir)?.state;
    life.own(
      runs.onDidChange(() => {
        const now = runs.get(dir)?.state;
        if (now !== state && visible()) channel.tell.graphChanged({});
        state = now;
      }),
    );
    // A choice ends with the page that shows it.
    life.onEnd(() => scopes.choose({ dir, ties: undefined }));
    return {
      nudge: () => channel.tell.graphChanged({}),
      show: (intent) => {
        wanted = intent;
        // A page that is hidden or still loading asks first, and is told then.
        if (opened && visible()) tellWanted();
        else opened = false;
      },
      dispose: () => life.dispose(),
    };
  };
}

async function searchNonFinite({ runs }: PanelParts, dir: string): Promise<NonFiniteSearch> {
  const live = runs.live(dir);
  if (!live) throw new UserError("This run does not train now, so its step cannot be run again.");
  return live.ask.searchNonFinite({});
}

function movesKey(dir: string): string {
  return `graph moves ${dir}`;
}
