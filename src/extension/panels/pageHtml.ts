// The HTML around a view: its script, its style, nothing else; whatever the policy does not name is refused.

/** Addresses of a page's files as the webview may load them. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
  readonly icons: string;
  /** The program of the worker that lays out graphs; loaded as text and started from a blob. */
  readonly layoutWorker: string;
}

/** The page of a view. `source` is the webview's own origin for files. */
export function pageHtml(files: PageFiles, { source, nonce, title }: { readonly source: string; readonly nonce: string; readonly title: string }): string {
  const policy = [
    "default-src 'none'",
    `img-src ${source} data:`,
    `style-src ${source}`,
    `font-src ${source}`,
    `script-src 'nonce-${nonce}'`,
    "worker-src blob:",
    `connect-src ${source}`,
  ].join("; ");
  return [
    "<!DOCTYPE html>",
    `<html lang="en">`,
    "<head>",
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<link rel="stylesheet" href="${escapeHtml(files.icons)}">`,
    `<link rel="stylesheet" href="${escapeHtml(files.style)}">`,
    `<title>${escapeHtml(title)}</title>`,
    "</head>",
    `<body data-layout-worker="${escapeHtml(files.layoutWorker)}">`,
    `<main id="root"></main>`,
    `<script nonce="${nonce}" src="${escapeHtml(files.script)}"></script>`,
    "</body>",
    "</html>",
  ].join("\n");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
