// The panels in the editor area: one per run and kind, brought back after a reload.
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import { panelKinds, panelType, type PanelKind } from "../manifest";
import { fillWebview, type PageContent } from "./page";
import { panelPipe } from "./panelPipe";
import type { PageIntent, PanelServer, ServedPage } from "./panelServer";
import { refillWhenSilent } from "./silentPage";

const titles: Readonly<Record<PanelKind, string>> = { curves: "Curves", graph: "Graph", checkpoints: "Checkpoints", compare: "Comparison" };
/** The comparison is drawn with the checkpoint browser's style. */
const styles: Readonly<Record<PanelKind, PageContent["kind"]>> = { curves: "curves", graph: "graph", checkpoints: "checkpoints", compare: "checkpoints" };
const rememberedKey = "panels";

interface OpenPanel {
  readonly dir: string;
  readonly panel: vscode.WebviewPanel;
  readonly served: ServedPage;
}

/** Opens panels and finds those that are open. */
export class Panels implements Disposable {
  readonly #life = new Lifetime();
  readonly #open = new Map<string, OpenPanel>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly servers: Readonly<Record<PanelKind, PanelServer>>,
  ) {
    for (const kind of panelKinds) {
      this.#life.own(vscode.window.registerWebviewPanelSerializer(panelType(kind), { deserializeWebviewPanel: (panel) => this.#restore(kind, panel) }));
    }
  }

  /** Shows the panel of a run, made or brought to the front, and on it what is wanted. */
  open(kind: PanelKind, dir: string, intent?: PageIntent): void {
    const there = this.#open.get(keyOf(kind, dir));
    if (there) there.panel.reveal();
    else {
      const title = this.#titleOf(kind, dir);
      this.#serve(vscode.window.createWebviewPanel(panelType(kind), title, vscode.ViewColumn.Active, { enableScripts: true }), { kind, dir });
    }
    if (intent) this.#open.get(keyOf(kind, dir))?.served.show?.(intent);
  }

  /** Shows in one drawing what the graph at `before` became in the run at `dir`. */
  compareGraphs(before: string, dir: string): void {
    const there = this.#open.get(keyOf("graph", dir, before));
    if (there) return there.panel.reveal();
    const title = `${basename(before)} and ${basename(dir)} — ${titles.graph}`;
    this.#serve(vscode.window.createWebviewPanel(panelType("graph"), title, vscode.ViewColumn.Active, { enableScripts: true }), { kind: "graph", dir, before });
  }

  /** Whether a visible panel shows this run. */
  shows(dir: string): boolean {
    return panelKinds.some((kind) => this.#open.get(keyOf(kind, dir))?.panel.visible ?? false);
  }

  /** Folder of the run whose panel is in front. */
  get shown(): string | undefined {
    const open = [...this.#open.values()];
    const front = open.find(({ panel }) => panel.active) ?? open.find(({ panel }) => panel.visible);
    return front?.dir;
  }

  dispose(): void {
    // Panels stay: VS Code closes them with the window, and brings them back with the next.
    for (const { served } of this.#open.values()) served.dispose();
    this.#open.clear();
    this.#life.dispose();
  }

  /** A page's own state holds what the person chose in it; which run it showed is remembered here, by title. */
  #restore(kind: PanelKind, panel: vscode.WebviewPanel): Promise<void> {
    const [dir, before] = this.#remembered()[`${kind} ${panel.title}`]?.split("\n") ?? [];
    if (dir === undefined) panel.dispose();
    else this.#serve(panel, { kind, dir, before });
    return Promise.resolve();
  }

  #serve(panel: vscode.WebviewPanel, { kind, dir, before }: { readonly kind: PanelKind; readonly dir: string; readonly before?: string | undefined }): void {
    const { extensionUri } = this.context;
    const media = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, "media", `${kind}-${theme}.svg`);
    panel.iconPath = { light: media("light"), dark: media("dark") };
    const visible = (): boolean => panel.visible;
    const pipe = panelPipe(panel);
    const served = this.servers[kind]({ pipe, dir, visible, ...(before !== undefined && { before }) });
    const fill = (): void => fillWebview(panel.webview, extensionUri, { kind: styles[kind], script: kind, title: panel.title });
    const watch = refillWhenSilent({ panel, pipe, fill, nudge: served.nudge });
    this.#open.set(keyOf(kind, dir, before), { dir, panel, served });
    panel.onDidDispose(() => {
      watch.dispose();
      served.dispose();
      this.#open.delete(keyOf(kind, dir, before));
    });
    fill();
    void this.context.workspaceState.update(rememberedKey, { ...this.#remembered(), [`${kind} ${panel.title}`]: before === undefined ? dir : `${dir}\n${before}` });
  }

  /** The folder's name, with its parent's where another run of that name was shown. */
  #titleOf(kind: PanelKind, dir: string): string {
    const short = `${basename(dir)} — ${titles[kind]}`;
    const other = this.#remembered()[`${kind} ${short}`] ?? dir;
    return other === dir ? short : `${basename(dirname(dir))}/${short}`;
  }

  #remembered(): Readonly<Record<string, string>> {
    return this.context.workspaceState.get<Readonly<Record<string, string>>>(rememberedKey, {});
  }
}

function keyOf(kind: PanelKind, dir: string, before?: string): string {
  return before === undefined ? `${kind} ${dir}` : `${kind} ${dir}\n${before}`;
}
