// A Chromium to drive: the system's where there is one, else the one that comes out of npm. Nothing else is downloaded.
import { accessSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const systemNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Keeps a test's browser from talking to anyone but the page's own server. */
const quietArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Starts a browser. `TRAINSCOPE_BROWSER=npm` takes the one out of npm although the system has one. */
export async function launchBrowser(): Promise<Browser> {
  const fromSystem = process.env["TRAINSCOPE_BROWSER"] === "npm" ? undefined : systemBrowser();
  if (fromSystem) return chromium.launch({ executablePath: fromSystem, args: quietArguments });
  return launchPackaged();
}

function systemBrowser(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return systemNames.flatMap((name) => folders.map((folder) => join(folder, name))).find(isThere);
}

/** The packaged build brings the libraries that a bare machine lacks, but unpacks them only where it is told to. */
async function launchPackaged(): Promise<Browser> {
  process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs22.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packaged.executablePath(), args: [...quietArguments, "--no-zygote"] });
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
