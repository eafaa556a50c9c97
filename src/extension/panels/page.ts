// A webview's content: which files of ours it loads, and the HTML around them.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { PanelKind } from "../manifest";
import { pageHtml } from "./pageHtml";

/** Which page it is. */
export interface PageContent {
  readonly kind: Exclude<PanelKind, "compare">;
  /** Where another program draws with the kind's style. */
  readonly script?: string;
  readonly title: string;
}

/** Puts the page of `kind` into a webview, allowed to read dist/ and nothing else. */
export function fillWebview(webview: vscode.Webview, extension: vscode.Uri, { kind, script = kind, title }: PageContent): void {
  const dist = vscode.Uri.joinPath(extension, "dist");
  const file = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, ...path)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const files = {
    script: file(`${script}.js`),
    style: file(`${kind}.css`),
    icons: file("codicons", "codicon.css"),
    layoutWorker: file("layoutWorker.js"),
  };
  webview.html = pageHtml(files, { source: webview.cspSource, nonce: randomBytes(16).toString("hex"), title });
}
