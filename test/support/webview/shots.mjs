// Takes pictures of the views: `node test/support/webview/shots.mjs OUT VIEW[:case[:theme[:WxH]]] …`; `do=` steps are in scenes.mjs.
import { build } from "esbuild";
import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildHarness, serveHarness } from "./build.mjs";
import { scenes } from "./scenes.mjs";

const [out, ...wanted] = process.argv.slice(2);
await mkdir(out, { recursive: true });
const built = await buildHarness(fileURLToPath(new URL("../../../.cache/webview-harness", import.meta.url)));
const { address, close } = await serveHarness(built);
const launcher = join(built, "browser.mjs");
await build({
  entryPoints: [fileURLToPath(new URL("../vscode/browser.ts", import.meta.url))], outfile: launcher, bundle: true, platform: "node", format: "esm",
  packages: "external", logLevel: "error",
});
const { launchBrowser } = await import(launcher);
const browser = await launchBrowser();
const said = new Set();
const say = (text) => {
  if (said.has(text) || text.includes("Applying inline style")) return;
  said.add(text);
  console.log(text);
};
for (const shot of wanted) {
  const [view, name = "usual", theme = "dark", size = "1240x860"] = shot.split(":");
  const [width, height] = size.split("x").map(Number);
  const page = await browser.newPage({ viewport: { width, height } });
  page.on("console", (message) => say(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => say(error.stack));
  const [kase, scene] = name.split("+");
  await page.goto(`${address}/${view}?theme=${theme}&case=${kase}`);
  await page.waitForFunction(() => document.querySelector("#root")?.dataset.ready === "true", undefined, { timeout: 4000 }).catch(() => console.log(`${shot}: not ready`));
  await page.waitForTimeout(400);
  if (scene) await scenes[scene](page);
  await page.screenshot({ path: join(out, `${view}-${name}-${theme}-${size}.png`) });
  await page.close();
}
await browser.close();
await close();
