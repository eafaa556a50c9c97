// Builds the three views with their memory hosts into a folder and serves it, under the page's real content security policy.
// `node test/support/webview/build.mjs [port]` prints the address; shots.mjs takes pictures of it.
import { build } from "esbuild";
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const views = ["curves", "graph", "checkpoints"].filter((view) => existsSync(join(root, `webview/${view}/main.ts`)));
/** Pages beside the views, with their program, the host they have and the view whose style they share. */
const besides = {
  compare: { program: "checkpoints/compareMain", host: "checkpointsHost", style: "checkpoints" },
  checkpointFile: { program: "checkpoints/filePage", host: "checkpointFileHost", style: "checkpoints" },
};

/** Graphs that the graph view's host shows. */
const graphs = ["pix2pix-tensorflow.pb.gz", "pix2pix-port.pb.gz"];

/** Bundles views and hosts into `out`. */
export async function buildHarness(out) {
  await mkdir(out, { recursive: true });
  const common = { bundle: true, format: "esm", target: "es2022", absWorkingDir: root, logLevel: "error" };
  await build({
    ...common, outdir: out, entryNames: "[name]",
    entryPoints: [
      ...views.map((view) => ({ in: `webview/${view}/main.ts`, out: view })),
      ...Object.entries(besides).map(([out, { program }]) => ({ in: `webview/${program}.ts`, out })),
      ...[...views.map((view) => `${view}Host`), "checkpointFileHost"].map((host) => ({ in: `test/support/webview/${host}.ts`, out: host })),
      ...views.map((view) => ({ in: `webview/${view}/${view}.css`, out: view })),
      ...(views.includes("graph") ? [{ in: "webview/graph/layoutWorker.ts", out: "layoutWorker" }] : []),
    ],
  });
  for (const name of ["codicon.css", "codicon.ttf"]) await copyFile(join(root, "node_modules/@vscode/codicons/dist", name), join(out, name));
  await copyFile(join(here, "themes.css"), join(out, "themes.css"));
  for (const name of graphs) await copyFile(join(root, "test/fixtures/analysis/graphs", name), join(out, name));
  return out;
}

const nonce = "harness";
const page = (view, theme) => `<!doctype html>
<html lang="en" data-theme="${theme}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' data:; style-src 'self' 'nonce-${nonce}'; font-src 'self'; script-src 'nonce-${nonce}'; worker-src blob:; connect-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/themes.css"><link rel="stylesheet" href="/${besides[view]?.style ?? view}.css"><title>${view}</title></head>
<body class="${{ dark: "vscode-dark", light: "vscode-light", hc: "vscode-high-contrast", "hc-light": "vscode-high-contrast-light vscode-high-contrast" }[theme]}" data-view="${view}" data-layout-worker="/layoutWorker.js">
<main id="root"></main><script type="module" nonce="${nonce}" src="/${besides[view]?.host ?? `${view}Host`}.js"></script><script type="module" nonce="${nonce}" src="/${view}.js"></script></body></html>`;
const types = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf", ".gz": "application/gzip" };

/** Serves a built harness on loopback; `/curves?theme=dark&case=usual`. */
export async function serveHarness(out, port = 0) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const view = url.pathname.slice(1);
    if (views.includes(view) || view in besides) return response.setHeader("content-type", "text/html").end(page(view, url.searchParams.get("theme") ?? "dark"));
    const file = join(out, view);
    if (!existsSync(file) || !types[extname(file)]) return response.writeHead(404).end();
    response.setHeader("content-type", types[extname(file)]).end(await readFile(file));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = await buildHarness(join(root, ".cache/webview-harness"));
  const { address } = await serveHarness(out, Number(process.argv[2] ?? 0));
  console.log(views.map((view) => `${address}/${view}?theme=dark`).join("\n"));
}
