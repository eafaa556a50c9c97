// Draws the graph view: toolbar, canvas or tree, aside column, card and status line; asks for a layout when boxes change.
import { messageOf } from "#base/errors";
import { focusKeeper, type Focusable } from "#kit/focus";
import { numbers } from "#kit/numbers";
import { html, nothing, render, type Content } from "#kit/template";
import { blank, link } from "#kit/ui";
import type { Actions } from "./actions";
import type { Measure, Wording } from "#analysis/diagram/boxes";
import { crowdedLevel } from "#analysis/diagram/crowded";
import { Canvas, type CanvasContent } from "./canvas";
import { drawingOf, layoutRequest, type Drawing } from "#analysis/diagram/drawing";
import type { Layout } from "#analysis/diagram/layout";
import { printSvg } from "#analysis/diagram/svgText";
import { LayoutClient, startLayoutWorker } from "./layoutClient";
import { banner } from "./alive";
import { asideColumn } from "./asideColumn";
import { card } from "./card";
import { pathLine } from "./pathLine";
import { overlayOf } from "./overlay";
import { crowdedNote, statusLine, toolbar } from "./panels";
import type { GraphState } from "./state";
import { treeView } from "./tree";

/** Below this width there is a tree and no drawing. */
const narrowBelow = 520;
/** A card beside the canvas needs this much; else it lies over it. */
const cardBelow = 860;
/** As graph.css has it. */
const cardWidth = 300;

export class GraphPage {
  readonly #canvas: Canvas;
  readonly #layouts: LayoutClient;
  readonly #measure = textMeasure();
  #shell = newShell();
  #state: GraphState | undefined;
  #layout: Layout | undefined;
  #laidOutKey = "";
  #problem: string | undefined;
  readonly #keepFocus: (draw: () => void) => void;
  #drawing: { readonly of: GraphState; readonly layout: Layout; readonly drawing: Drawing } | undefined;

  constructor(readonly root: HTMLElement, readonly actions: Actions) {
    this.#canvas = new Canvas(actions);
    this.#layouts = new LayoutClient(() => startLayoutWorker(document.body.dataset.layoutWorker ?? ""), {
      laidOut: (layout) => this.#laidOut(layout),
      failed: (why) => this.#failed(why),
    });
    root.append(this.#shell);
    new ResizeObserver(() => this.#state && this.draw(this.#state)).observe(root);
    this.#keepFocus = focusKeeper(root, () => this.#home());
    // Also while nothing of the page has the focus yet.
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  reveal(name: string): void {
    this.#canvas.reveal(name);
  }

  /** The drawing as an SVG file's text, for paper: without what is selected or pointed at. Undefined where there is a tree. */
  printed(): string | undefined {
    if (!this.#state || !this.#layout || this.#isTree(this.#state)) return undefined;
    const { selected: _selected, hoveredEdge: _hovered, ...state } = this.#state;
    return printSvg(drawingOf(state, this.#layout, this.#wording(this.#state)), { title: state.title, numbers });
  }

  /** Never throws: who brings an answer goes on, whatever becomes of its picture. */
  draw(state: GraphState): void {
    this.#state = state;
    try {
      this.#keepFocus(() => this.#draw(state));
    } catch (error) {
      reportError(error);
      this.#drawFailure(messageOf(error));
    }
  }

  #draw(state: GraphState): void {
    const tree = this.#isTree(state);
    if (!tree && state.phase === "open") this.#askLayout(state);
    const drawing = tree ? undefined : this.#drawn(state);
    const narrow = this.root.clientWidth < narrowBelow;
    const overlay = this.root.clientWidth < cardBelow;
    render(html`<div class="page ${overlay ? "overlaid" : ""}"><h1 class="hidden-text">Graph of ${state.title}</h1>
      ${state.phase === "loading" ? html`<div class="progress-line"></div>` : nothing}
      ${state.levels.size > 0 ? toolbar(state, this.actions, { narrow, fit: () => this.#canvas.fit(), toDrawing: () => this.#home()?.focus() }) : nothing}
      ${state.levels.size > 0 ? html`${banner(state, this.actions)}${pathLine(state, this.actions)}` : nothing}
      <div class="middle">${this.#body(state, { tree, drawing })}</div>
      ${state.levels.size > 0 && !narrow ? statusLine(state, drawing, this.#problem) : nothing}</div>`, this.#shell);
    this.root.dataset.ready = String(state.phase !== "loading" && (tree || drawing !== undefined || state.phase === "failed"));
    if (drawing && this.#layout) {
      this.#canvas.show({
        drawing, layout: this.#layout, covered: overlay && state.cardOpen && state.selected !== undefined ? cardWidth : 0, title: state.title, selected: state.selected, overlay: overlayOf(state),
        ...matchesOf(state),
      });
    }
  }

  /** What was left half drawn cannot be drawn on. */
  #drawFailure(why: string): void {
    const half = this.#shell;
    this.#shell = newShell();
    half.replaceWith(this.#shell);
    render(blank({ title: "The graph could not be drawn.", text: why, action: this.#treeLink() }), this.#shell);
    this.root.dataset.ready = "true";
  }

  #treeLink(): Content {
    return link({ label: "Show as Tree", onClick: () => this.actions.panel("tree", true) });
  }

  #wording({ badges }: GraphState): Wording {
    return { measure: this.#measure, numbers, badges };
  }

  /** Where keys walk the graph. */
  #home(): Focusable | undefined {
    return this.root.querySelector<HTMLElement>(".tree") ?? (this.#canvas.element.isConnected ? this.#canvas.focusable : undefined);
  }

  #isTree(state: GraphState): boolean {
    return state.asTree || this.root.clientWidth < narrowBelow || crowdedLevel(state) !== undefined;
  }

  #body(state: GraphState, { tree, drawing }: { tree: boolean; drawing: Drawing | undefined }): Content {
    const log = link({ label: "Show Log", onClick: () => this.actions.command("showLog") });
    if (state.phase === "failed") return blank({ title: "The graph could not be read.", text: state.problem ?? "", action: log });
    if (state.phase === "loading") return blank({ title: "Reading the graph…" });
    if ((state.levels.get("")?.nodes.length ?? 0) === 0) return blank({ title: "This run has recorded no graph.", text: "Its script adds one to the event file when its session starts." });
    if (tree) return html`<div class="tree-side">${crowdedNote(state, this.actions)}${treeView(state, this.actions)}</div>${this.root.clientWidth < narrowBelow ? nothing : card(state, this.actions)}`;
    if (this.#problem !== undefined && !drawing) return blank({ title: "The graph could not be drawn.", text: this.#problem, action: this.#treeLink() });
    return html`${drawing ? this.#canvas.element : blank({ title: "Drawing…" })}${asideColumn(state, this.actions, this.#canvas.minimap)}${card(state, this.actions)}`;
  }

  #askLayout(state: GraphState): void {
    const request = layoutRequest(state, this.#wording(state));
    const key = JSON.stringify(request);
    if (key === this.#laidOutKey) return;
    this.#laidOutKey = key;
    this.#layouts.ask(request);
  }

  #laidOut(layout: Layout): void {
    this.#layout = layout;
    this.#problem = undefined;
    if (this.#state) this.draw(this.#state);
  }

  #failed(why: string): void {
    this.#problem = why;
    if (this.#state) this.draw(this.#state);
  }

  // The old drawing stays until the new layout is there.
  #drawn(state: GraphState): Drawing | undefined {
    if (!this.#layout) return undefined;
    if (this.#drawing?.of === state && this.#drawing.layout === this.#layout) return this.#drawing.drawing;
    const drawing = drawingOf(state, this.#layout, this.#wording(state));
    this.#drawing = { of: state, layout: this.#layout, drawing };
    return drawing;
  }

  #key(event: KeyboardEvent): void {
    const typing = event.target instanceof Element && event.target.closest("vscode-text-field") !== null;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !this.#state) return;
    if (event.key === "/") this.root.querySelector<HTMLElement>(".search")?.focus();
    else if (event.key === "t" || event.key === "T") this.actions.panel("tree", !this.#state.asTree);
    else if ((event.key === "f" || event.key === "F") && !this.#isTree(this.#state)) this.#canvas.fit();
    else if (event.key === "p" || event.key === "P") this.actions.seekPath(this.#state.selected);
    else if (event.shiftKey && event.key === "Enter" && this.#state.facts?.source) this.actions.goToSource(this.#state.facts.source);
    else return;
    event.preventDefault();
  }
}

function matchesOf({ found, path, hiddenChanges }: GraphState): Pick<CanvasContent, "matches" | "inside" | "path" | "hiddenChanges"> {
  return { matches: new Set(found?.matches.map(({ name }) => name)), inside: new Map(found?.inside), path: path ?? [], hiddenChanges };
}

/** What the page is drawn into; it takes no room of its own. */
function newShell(): HTMLElement {
  const shell = document.createElement("div");
  shell.className = "shell";
  return shell;
}

// The canvas of the page measures, so that the worker needs no fonts.
function textMeasure(): Measure {
  const context = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(document.body);
  const family = style.fontFamily;
  const mono = style.getPropertyValue("--vscode-editor-font-family") || "monospace";
  const fonts = { name: `13px ${family}`, facts: `11px ${family}`, mono: `11px ${mono}` };
  return (text, kind) => {
    if (!context) return text.length * 7;
    context.font = fonts[kind];
    return context.measureText(text).width;
  };
}
