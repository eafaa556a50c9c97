// Draws the curves view: toolbar, legend, sections, cards and the table, and tells which of them are on screen.
import type { CurvePoint } from "#model/scalars";
import type { CurvesRun } from "#protocol/curvesApi";
import type { ViewCommand } from "#protocol/viewsApi";
import { openMenu } from "#kit/menu";
import { guard, html, nothing, render, repeat, type Content } from "#kit/template";
import { readTheme, type Theme } from "#kit/theme";
import { blank, button, link } from "#kit/ui";
import { Card } from "./card";
import { mergedWith, scalarTags, type ChartPlan, type RunGroup } from "./charts";
import { axisWord } from "./places";
import { legend, notices, scopeHeader, subjectOf, type LegendActions } from "./legend";
import { openLimits } from "./limitsBox";
import { chartItems, exportItems, runItems, scopeItems, viewItems, type MenuActions } from "./menus";
import { viewOf, type ChartView, type View } from "./requests";
import { columnsFor, packed, sectionsOf, spanOf, unfolded, type Packed, type Section } from "./sections";
import type { CurvesState, Happening } from "./state";
import { commonWords, summarySection, type SummaryActions } from "./summaryView";
import { toolbar } from "./toolbar";
import { goneWords, sentence } from "./words";

export interface PageActions extends Omit<MenuActions, "limits"> {
  dispatch(happening: Happening): void;
  command(id: ViewCommand, dir?: string): void;
  restore(dir: string, prefix: string): void;
  branch(dir: string, prefix: string): void;
  pointsAt(chart: ChartView, place: number): Promise<ReadonlyMap<string, CurvePoint>>;
  halt(dir: string, resume: boolean): void;
  showBytes(dir: string, file: string, offset: number): void;
  copy(text: string): void;
}

/** Width that a label of the x axis takes. */
const labelWidth = 80;

export class CurvesPage {
  readonly #cards = new Map<string, Card>();
  /** Charts in sight now; the state hears of it, but is drawn later. */
  readonly #inSight = new Set<string>();
  /** Charts of which it is known whether they are in sight. */
  readonly #judged = new Set<string>();
  readonly #onScreen: IntersectionObserver;
  readonly #tableOnScreen: IntersectionObserver;
  #table: Element | undefined;
  #theme: Theme = readTheme();
  #view: View | undefined;
  #made: { readonly view: View; readonly width: number } | undefined;
  /** In a narrow page the filter is a button until it is wanted. */
  #filterOpen = false;

  constructor(readonly root: HTMLElement, readonly actions: PageActions) {
    this.#onScreen = new IntersectionObserver((entries) => entries.forEach((entry) => this.#seen(entry)), { rootMargin: "200px" });
    this.#tableOnScreen = new IntersectionObserver((entries) => actions.dispatch({ kind: "tableShown", now: entries.some(({ isIntersecting }) => isIntersecting) }), { rootMargin: "200px" });
    new ResizeObserver(() => this.#view && this.draw(this.#view.state)).observe(root);
  }

  get theme(): Theme {
    return this.#theme;
  }

  themeChanged(theme: Theme): void {
    this.#theme = theme;
    if (this.#view) this.draw(this.#view.state);
  }

  /** The view of a state, at the page's width. */
  viewOf(state: CurvesState): View {
    const width = this.root.clientWidth;
    if (this.#made?.view.state === state && this.#made.width === width) return this.#made.view;
    const columns = columnsFor(width, state.settings.columns);
    const view = viewOf(state, Math.max(3, Math.min(7, Math.floor(width / columns / labelWidth))));
    this.#made = { view, width };
    return view;
  }

  draw(state: CurvesState): void {
    const view = (this.#view = this.viewOf(state));
    const { settings } = state;
    const sections = unfolded(sectionsOf(view.charts.map(({ plan }) => plan), scalarTags(state.snapshot), settings.pinned), settings.closedScopes);
    const shown = sections.filter(({ scope }) => !settings.closedScopes.includes(scope)).flatMap(({ charts }) => charts);
    this.#forget(new Set(shown.map(({ id }) => id)));
    const { actions } = this;
    const width = this.root.clientWidth;
    render(html`<div class="page">
      <h1 class="hidden-text">Curves</h1>
      ${state.phase === "loading" ? html`<div class="progress-line"></div>` : nothing}
      ${toolbar(view, width, {
        set: (change) => actions.dispatch({ kind: "set", change }), filter: (filter) => actions.dispatch({ kind: "filtered", filter }), leaveScope: () => actions.dispatch({ kind: "scopeLeft" }), menu: openMenu,
        limits: (anchor) => this.#xLimits(anchor), filterOpen: this.#filterOpen, openFilter: (open) => this.#openFilter(open),
        exportItems: () => exportItems(view, this.#menus), moreItems: () => viewItems(view, this.#menus),
      })}
      ${legend(view, this.#theme, this.#legend)}${notices(view, this.#legend)}
      <div class="sections">${this.#body(view, sections)}</div></div>`, this.root);
    for (const chart of view.charts) this.#cards.get(chart.plan.id)?.show({ view, chart, theme: this.#theme });
    this.#watchTable();
    this.root.dataset.ready = String(state.phase !== "loading" && !state.asking && this.#judged.size === this.#cards.size && [...state.visible.keys()].every((id) => view.charts.find(({ plan }) => plan.id === id)?.lines.every(({ key }) => state.drawn.has(key)) ?? true));
  }

  get #menus(): MenuActions {
    return { ...this.actions, limits: (anchor, what) => this.#limits(anchor, what) };
  }

  get #legend(): LegendActions {
    const { dispatch, command, halt, showBytes } = this.actions;
    return {
      fit: () => dispatch({ kind: "zoomed", range: undefined, moving: false }), point: (dir) => dispatch({ kind: "pointed", dir }), focus: (dir) => dispatch({ kind: "focused", dir }),
      runMenu: (anchor, group) => this.#runMenu(anchor, group), command, halt, showBytes,
    };
  }

  #openFilter(open: boolean): void {
    this.#filterOpen = open;
    if (!this.#view) return;
    this.draw(this.#view.state);
    this.root.querySelector<HTMLElement>(open ? "[data-action='filter']" : "[data-action='openFilter']")?.focus();
  }

  #runMenu(anchor: HTMLElement, group: Pick<RunGroup, "runs">): void {
    if (this.#view) openMenu(anchor, "Run", runItems(this.#view, group, { theme: this.#theme, actions: this.#menus }));
  }

  #xLimits(anchor: HTMLElement): void {
    if (!this.#view) return;
    const { x, state: { settings } } = this.#view;
    const unit = settings.x.kind === "relative" || settings.x.kind === "active" ? " in seconds" : "";
    const apply = (limits: readonly [number, number] | undefined): void =>
      this.actions.dispatch({ kind: "zoomed", range: limits && { from: limits[0], to: limits[1] }, moving: false });
    openLimits(anchor, { title: `X axis: ${axisWord(settings.x)}${unit}`, low: x.min, high: x.max, apply });
  }

  #limits(anchor: HTMLElement, what: ChartView | { readonly scope: string }): void {
    const { dispatch } = this.actions;
    if ("scope" in what) {
      const [low, high] = this.#view?.state.settings.scopes[what.scope]?.limits ?? [0, 1];
      openLimits(anchor, { title: `Value axis of ${what.scope}`, low, high, apply: (limits) => dispatch({ kind: "setScope", scope: what.scope, change: { limits } }) });
    } else {
      openLimits(anchor, { title: `Value axis of ${what.plan.tags.join(", ")}`, low: what.y.min, high: what.y.max, apply: (limits) => dispatch({ kind: "setChart", chart: what.plan.id, change: { limits } }) });
    }
  }

  #body(view: View, sections: readonly Section[]): Content {
    const { snapshot, phase, problem, page, settings } = view.state;
    if (!snapshot) return phase === "failed" ? this.#failed(problem) : blank({ title: "Reading the run…" });
    const [first] = snapshot.runs;
    if (!first) return this.#gone(snapshot.own);
    const tags = scalarTags(snapshot);
    if (tags.length === 0) return this.#noScalars(first, snapshot.runs.some(({ reading }) => reading));
    if (sections.length === 0) {
      if (page.filter === "") return blank({ title: "All tags are hidden.", action: link({ label: "Show Hidden Tags", onClick: () => this.actions.dispatch({ kind: "set", change: { hidden: [] } }) }) });
      return blank({ title: `No run or tag matches “${page.filter}”.`, action: link({ label: "Clear Filter", onClick: () => this.actions.dispatch({ kind: "filtered", filter: "" }) }) });
    }
    const columns = columnsFor(this.root.clientWidth, settings.columns);
    const isOpen = (scope: string): boolean => !settings.closedScopes.includes(scope);
    const wide = columns === 1 || view.groups.length > 2 || settings.baseline !== undefined || view.groups.some(({ runs }) => runs.length > 1);
    return html`<div class="grid columns-${columns}">
      ${repeat(packed(sections, { columns, isOpen }), ({ section }) => section.scope, (one) => this.#section(view, one, { columns, open: isOpen(one.section.scope) }))}
      <section class="section summary-section span-${wide ? columns : 1}">${guard([...subjectOf(view, this.#theme), view.state.summaries, this.root.clientWidth, wide], () => summarySection(view, this.#theme, { width: this.root.clientWidth / (wide ? 1 : columns), actions: this.#summary }))}</section></div>`;
  }

  get #summary(): SummaryActions {
    const { dispatch, copy } = this.actions;
    return {
      toggle: (tableOpen) => dispatch({ kind: "set", change: { tableOpen } }), sort: (sorting) => dispatch({ kind: "set", change: { sorting } }),
      foldGroup: (name, closed) => {
        const others = this.#view?.state.settings.closedGroups.filter((one) => one !== name) ?? [];
        dispatch({ kind: "set", change: { closedGroups: closed ? [...others, name] : others } });
      },
      point: (dir) => (this.#view?.groups.length ?? 0) > 1 && dispatch({ kind: "pointed", dir }), copy,
      compareAt: (anchor, common) => openMenu(anchor, "Compared at", (["common", "last"] as const).map((compareAt) => ({
        label: sentence(commonWords(compareAt, common)), checked: this.#view?.state.settings.compareAt === compareAt, name: `compare-${compareAt}`, run: () => dispatch({ kind: "set", change: { compareAt } }),
      }))),
      runMenu: (anchor, dir) => this.#runMenu(anchor, { runs: this.#view?.state.snapshot?.runs.filter(({ run }) => run.dir === dir) ?? [] }),
    };
  }

  #failed(why: string | undefined): Content {
    return blank({ title: "The run could not be read.", text: why ?? "", action: link({ label: "Show Log", onClick: () => this.actions.command("showLog") }) });
  }

  #gone(dir: string): Content {
    return blank({
      title: `${goneWords(dir)}.`, text: "Its folder was deleted or moved. Check another run in the Runs view, or open any folder that holds event files.",
      action: button({ label: "Choose Runs…", primary: true, name: "pickRuns", onClick: this.actions.pickRuns }),
    });
  }

  #noScalars({ run: { name, dir, state } }: CurvesRun, reading: boolean): Content {
    const running = state === "running";
    if (reading) return blank({ title: `Reading ${name}…` });
    return blank({
      title: `${name} has recorded no scalars${running ? " yet" : ""}.`,
      text: running ? "Curves appear with its first summary." : "Its folder holds no event file with scalar summaries.",
      action: html`${button({ label: "Choose Runs…", primary: true, name: "pickRuns", onClick: this.actions.pickRuns })}
        ${state === "foreign" ? nothing : link({ label: "Show Log", name: "showLog", onClick: () => this.actions.command("showLog", dir) })}`,
    });
  }

  #section(view: View, { section, first }: Packed, { columns, open }: { readonly columns: number; readonly open: boolean }): Content {
    const { scope, charts } = section;
    const span = open ? spanOf(section, columns) : columns;
    const { dispatch } = this.actions;
    const { closedScopes } = view.state.settings;
    const toggle = (): void => dispatch({ kind: "set", change: { closedScopes: open ? [...closedScopes, scope] : closedScopes.filter((name) => name !== scope) } });
    const menu = (anchor: HTMLElement): void => openMenu(anchor, scope, scopeItems(view, scope, { anchor, actions: this.#menus }));
    return html`<section class="section span-${span}${first ? " row-start" : ""}">${scopeHeader(section, { open, toggle, menu })}
      ${open && charts.length > 0 ? html`<div class="cards columns-${span}">${repeat(charts, ({ id }) => id, (plan) => html`${this.#card(plan).element}`)}</div>` : nothing}
    </section>`;
  }

  #card(plan: ChartPlan): Card {
    const { id } = plan;
    const known = this.#cards.get(id);
    if (known) return known;
    const { dispatch, restore, branch, copy, exportCurves } = this.actions;
    const chart = (): ChartView | undefined => this.#view?.charts.find((one) => one.plan.id === id);
    const card = new Card(plan, {
      hover: (place, row) => this.#hover(id, place, row),
      zoom: (range, moving) => dispatch({ kind: "zoomed", range, moving }),
      zoomBox: (range, limits) => {
        dispatch({ kind: "zoomed", range, moving: false });
        dispatch({ kind: "setChart", chart: id, change: { limits } });
      },
      fit: () => {
        dispatch({ kind: "zoomed", range: undefined, moving: false });
        if (this.#view?.state.settings.charts[id]?.limits) dispatch({ kind: "setChart", chart: id, change: { limits: undefined } });
      },
      openTick: (dir, prefix) => dispatch({ kind: "tickOpened", tick: { chart: id, dir, prefix } }),
      closeTick: () => dispatch({ kind: "tickClosed" }),
      restore, branch, copy,
      sized: (pixels) => this.#inSight.has(id) && dispatch({ kind: "shown", chart: id, pixels }),
      pointsAt: async (place) => {
        const now = chart();
        return now ? this.actions.pointsAt(now, place) : new Map();
      },
      menu: (anchor) => {
        const now = chart();
        if (now && this.#view) openMenu(anchor, plan.tags.join(", "), chartItems(this.#view, now, { anchor, actions: this.#menus }));
      },
      correct: (corrected) => dispatch({ kind: "setChart", chart: id, change: { corrected } }),
      exportAll: () => {
        const now = chart();
        if (now) exportCurves("csv", [now]);
      },
      dropped: (other) => {
        const from = this.#view?.charts.find((one) => one.plan.id === other)?.plan;
        if (from && this.#view) dispatch({ kind: "set", change: { merged: mergedWith(this.#view.state.settings.merged, plan, from) } });
      },
    });
    this.#cards.set(id, card);
    this.#onScreen.observe(card.element);
    return card;
  }

  #forget(wanted: ReadonlySet<string>): void {
    for (const [id, card] of this.#cards) {
      if (wanted.has(id)) continue;
      this.#onScreen.unobserve(card.element);
      card.dispose();
      this.#cards.delete(id);
      this.#judged.delete(id);
      if (this.#inSight.delete(id)) this.actions.dispatch({ kind: "hidden", chart: id });
    }
  }

  #seen({ target, isIntersecting }: IntersectionObserverEntry): void {
    const id = (target as HTMLElement).dataset.chart ?? "";
    const card = this.#cards.get(id);
    if (!card) return;
    this.#judged.add(id);
    if (isIntersecting) this.#inSight.add(id);
    else this.#inSight.delete(id);
    this.actions.dispatch(isIntersecting ? { kind: "shown", chart: id, pixels: card.pixels } : { kind: "hidden", chart: id });
  }

  #watchTable(): void {
    const table = this.root.querySelector(".summary") ?? undefined;
    if (table === this.#table) return;
    if (this.#table) this.#tableOnScreen.unobserve(this.#table);
    if (table) this.#tableOnScreen.observe(table);
    else this.actions.dispatch({ kind: "tableShown", now: false });
    this.#table = table;
  }

  // One crosshair over all cards. It follows the pointer and is no part of the state: nothing else depends on it.
  #hover(id: string, place: number | undefined, row?: number): void {
    for (const [name, card] of this.#cards) card.point(place, name === id ? row : undefined);
  }
}
