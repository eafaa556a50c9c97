// Draws the curves view: toolbar, legend, sections and cards, and tells which cards are on screen.
import type { TagInfo } from "#model/scalars";
import { html, nothing, render, repeat, type Content } from "#kit/template";
import { readTheme, type Theme } from "#kit/theme";
import { blank, link } from "#kit/ui";
import { stepAxis, type Axis } from "./axes";
import { Card, type CardModel } from "./card";
import { columnsFor, filterTags, packed, sectionsOf, spanOf, type Section } from "./sections";
import { scalarTags, type CurvesState, type Happening } from "./state";
import { legend, runNotice, scopeHeader, toolbar, type ToolbarActions } from "./toolbar";

export interface PageActions extends ToolbarActions {
  dispatch(happening: Happening): void;
  restore(prefix: string): void;
}

export class CurvesPage {
  readonly #cards = new Map<string, Card>();
  readonly #onScreen: IntersectionObserver;
  #theme: Theme = readTheme();
  #state: CurvesState | undefined;

  constructor(readonly root: HTMLElement, readonly actions: PageActions) {
    this.#onScreen = new IntersectionObserver((entries) => entries.forEach((entry) => this.#seen(entry)), { rootMargin: "200px" });
    new ResizeObserver(() => this.#state && this.draw(this.#state)).observe(root);
  }

  themeChanged(theme: Theme): void {
    this.#theme = theme;
    if (this.#state) this.draw(this.#state);
  }

  draw(state: CurvesState): void {
    this.#state = state;
    const tags = scalarTags(state);
    const sections = sectionsOf(filterTags(tags, state.preferences.filter));
    this.#forget(new Set(sections.filter(({ scope }) => isOpen(state, scope)).flatMap((section) => section.tags.map(({ tag }) => tag))));
    render(html`<div class="page">
      ${state.phase === "loading" ? html`<div class="progress-line"></div>` : nothing}
      ${toolbar(state, this.actions)}${legend(state, this.#theme, this.actions)}${runNotice(state, this.actions)}
      <div class="sections">${this.#body(state, sections)}</div></div>`, this.root);
    for (const [tag, card] of this.#cards) {
      const info = tags.find((one) => one.tag === tag);
      const model = info && this.#cardModel(state, info);
      if (model) card.show(model);
    }
    this.root.dataset.ready = String(state.phase !== "loading" && state.asked.size === 0 && [...state.visible.keys()].every((tag) => state.slices.has(tag)));
  }

  #body(state: CurvesState, sections: readonly Section[]): Content {
    const { snapshot, phase, problem, preferences } = state;
    if (!snapshot) return phase === "failed" ? this.#failed(problem) : blank({ title: "Reading the run…" });
    if (scalarTags(state).length === 0) {
      const running = snapshot.run.state === "running";
      return blank({
        title: `${snapshot.run.name} has recorded no scalars${running ? " yet" : ""}.`,
        text: running ? "Curves appear with its first summary." : "Its folder holds no event file with scalar summaries.",
        action: link({ label: "Show Log", onClick: () => this.actions.command("showLog") }),
      });
    }
    if (sections.length === 0) {
      return blank({
        title: `No tag matches “${preferences.filter}”.`,
        action: link({ label: "Clear Filter", onClick: () => this.actions.prefer({ filter: "" }) }),
      });
    }
    const columns = columnsFor(this.root.clientWidth);
    return html`<div class="grid columns-${columns}">${repeat(packed(sections, { columns, isOpen: (scope) => isOpen(state, scope) }), ({ scope }) => scope, (section) => this.#section(section, state, columns))}</div>`;
  }

  #failed(why: string | undefined): Content {
    return blank({
      title: "The run could not be read.", text: why ?? "",
      action: link({ label: "Show Log", onClick: () => this.actions.command("showLog") }),
    });
  }

  #section(section: Section, state: CurvesState, columns: number): Content {
    const { scope, tags } = section;
    const open = isOpen(state, scope);
    const span = open ? spanOf(section, columns) : columns;
    const toggle = (): void => this.actions.dispatch({ kind: "scopeToggled", scope });
    return html`<section class="section span-${span}">${scopeHeader({ scope, count: tags.length, open, toggle })}
      ${open ? html`<div class="cards columns-${span}">${repeat(tags, ({ tag }) => tag, ({ tag }) => html`${this.#card(tag).element}`)}</div>` : nothing}
    </section>`;
  }

  #card(tag: string): Card {
    const known = this.#cards.get(tag);
    if (known) return known;
    const { dispatch, prefer, restore } = this.actions;
    const card = new Card(tag, {
      hover: (step) => this.#hover(tag, step),
      zoom: (range) => prefer({ range }),
      fit: () => prefer({ range: undefined }),
      openTick: (prefix) => dispatch({ kind: "tickOpened", tag, prefix }),
      closeTick: () => dispatch({ kind: "tickClosed" }),
      restore,
      sized: (pixels) => this.#state?.visible.has(tag) && dispatch({ kind: "shown", tag, pixels }),
    });
    this.#cards.set(tag, card);
    this.#onScreen.observe(card.element);
    return card;
  }

  #forget(wanted: ReadonlySet<string>): void {
    for (const [tag, card] of this.#cards) {
      if (wanted.has(tag)) continue;
      this.#onScreen.unobserve(card.element);
      card.dispose();
      this.#cards.delete(tag);
      if (this.#state?.visible.has(tag)) this.actions.dispatch({ kind: "hidden", tag });
    }
  }

  #seen({ target, isIntersecting }: IntersectionObserverEntry): void {
    const tag = (target as HTMLElement).dataset.tag ?? "";
    const card = this.#cards.get(tag);
    if (!card) return;
    this.actions.dispatch(isIntersecting ? { kind: "shown", tag, pixels: card.pixels || Math.max(1, target.clientWidth - 80) } : { kind: "hidden", tag });
  }

  // One crosshair over all cards. It follows the pointer and is no part of the state: nothing else depends on it.
  #hover(tag: string, step: number | undefined): void {
    for (const [name, card] of this.#cards) card.point(step, name === tag && step !== undefined);
  }

  #cardModel(state: CurvesState, info: TagInfo): CardModel | undefined {
    const { snapshot, preferences, slices, refused, openTick, restoring, nowSeconds } = state;
    if (!snapshot) return undefined;
    const open = openTick?.tag === info.tag ? snapshot.checkpoints.find(({ prefix }) => prefix === openTick.prefix) : undefined;
    return {
      info, run: snapshot.run, drawn: slices.get(info.tag), problem: refused.get(info.tag)?.why, x: this.#stepAxis(state),
      scale: preferences.y, smoothing: preferences.smoothing, theme: this.#theme, checkpoints: snapshot.checkpoints, openTick: open, restoring, nowSeconds,
    };
  }

  // All cards share one step axis, so that a crosshair means the same moment everywhere.
  #stepAxis(state: CurvesState): Axis {
    const { preferences: { range }, slices } = state;
    const count = Math.max(3, Math.min(7, Math.floor(this.root.clientWidth / columnsFor(this.root.clientWidth) / 80)));
    if (range) return stepAxis(range.from, range.to, { zoomed: true, count });
    const tags = scalarTags(state);
    const extents = [...slices.values()].flatMap(({ slice }) => (slice.extent ? [slice.extent] : []));
    const firsts = [...tags.flatMap(({ first }) => (first ? [first.step] : [])), ...extents.map(([first]) => first)];
    const lasts = [...tags.flatMap(({ last }) => (last ? [last.step] : [])), ...extents.map(([, last]) => last)];
    return stepAxis(Math.min(...firsts, Infinity), Math.max(...lasts, 0), { zoomed: false, count });
  }
}

function isOpen({ preferences }: CurvesState, scope: string): boolean {
  return !preferences.closedScopes.includes(scope);
}
