// Runs every case of a folder through the public readers: npm run -s conformance -- DIR.
import { basename, join, resolve } from "node:path";
import { logging } from "#runtime/index";
import { checkAverages } from "./averageCases";
import { checkBundles } from "./bundleCases";
import { checkEvents } from "./eventCases";
import { kindOf, namesIn, readJson } from "./folders";
import { checkGraphs } from "./graphCases";
import { checkLogdir } from "./logdirCases";
import { Report } from "./report";
import { checkRetention } from "./retentionCases";
import { checkScopes } from "./scopeCases";
import { checkSessions } from "./sessionCases";
import { checkSmoothing } from "./smoothingCases";
import { checkState } from "./stateCases";

type Check = (folder: string, report: Report) => Promise<void>;

const kinds: Readonly<Record<string, Check>> = {
  bundle: checkBundles, ema: checkAverages, events: checkEvents, graphs: checkGraphs, retention: checkRetention, scopes: checkScopes,
  sessions: checkSessions, state: checkState,
};

/** Decides by the layout what lies at `path`, and checks all of it. Answers whether there was anything to check. */
async function checkPath(path: string, report: Report): Promise<boolean> {
  if ((await kindOf(path)) === "file") {
    await checkSmoothing(path, report);
    return true;
  }
  const one = kinds[basename(path)];
  if (one) {
    await one(path, report);
    return true;
  }
  if (await isLogdirCase(path)) {
    await checkLogdir(path, report);
    return true;
  }
  let found = false;
  for (const name of await namesIn(path)) found = (await checkEntry(join(path, name), report)) || found;
  return found;
}

/** One entry of a folder of kinds or of logdir cases; other files lie beside them. */
async function checkEntry(path: string, report: Report): Promise<boolean> {
  const kind = await kindOf(path);
  if (kind === "file") return path.endsWith(".json") && (await isSmoothing(path)) && checkPath(path, report);
  return (basename(path) in kinds || (await isLogdirCase(path))) && checkPath(path, report);
}

async function isSmoothing(path: string): Promise<boolean> {
  const content = await readJson<{ series?: { smoothed?: unknown }[] }>(path);
  return Array.isArray(content.series) && Array.isArray(content.series[0]?.smoothed);
}

async function isLogdirCase(path: string): Promise<boolean> {
  const [expected, logs, packed] = await Promise.all(["expected.json", "logs", "logs.tar.gz"].map((name) => kindOf(join(path, name))));
  return expected === "file" && (logs === "folder" || packed === "file");
}

async function main(word: string | undefined): Promise<number> {
  const path = word === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? process.cwd(), word);
  if (path === undefined || (await kindOf(path)) === "nothing") {
    process.stderr.write(`${word === undefined ? "" : `There is nothing at ${word}.\n`}Usage: npm run -s conformance -- DIR\n`);
    return 2;
  }
  logging.setVerbosity("silent");
  const report = new Report((line) => process.stdout.write(`${line}\n`));
  if (!(await checkPath(path, report))) {
    process.stderr.write(`There are no cases in ${path}: wanted a kind (${Object.keys(kinds).join(", ")}), a folder of kinds or of logdir cases, or a smoothing file.\n`);
    return 2;
  }
  return report.finish();
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  // The cases themselves could not be read: a failure is something else.
  process.stderr.write(`The cases could not be run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
