// Runs every case of a folder through the public readers: npm run -s conformance -- DIR.
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { logging } from "#runtime/index";
import { checkAverages } from "./averageCases";
import { checkBundles } from "./bundleCases";
import { checkEvents } from "./eventCases";
import { kindOf, namesIn, readJson } from "./folders";
import { checkGraphs } from "./graphCases";
import { checkLogdir } from "./logdirCases";
import { checkedBackends, checkPix2pix, type Pix2pixOptions } from "./pix2pix/pix2pixCases";
import { isReferenceFolder } from "./pix2pix/reference";
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
async function checkPath(path: string, report: Report, options: Pix2pixOptions): Promise<boolean> {
  if ((await kindOf(path)) === "file") {
    await report.part(basename(path), () => checkSmoothing(path, report));
    return true;
  }
  if (await isReferenceFolder(path)) {
    await report.part(basename(path), () => checkPix2pix(path, report, options));
    return true;
  }
  const one = kinds[basename(path)];
  if (one) {
    await report.part(basename(path), () => one(path, report));
    return true;
  }
  if (await isLogdirCase(path)) {
    await report.part(basename(path), () => checkLogdir(path, report));
    return true;
  }
  let found = false;
  for (const name of await namesIn(path)) found = (await checkEntry(join(path, name), report, options)) || found;
  return found;
}

/** One entry of a folder of kinds, of references or of logdir cases; other files lie beside them. */
async function checkEntry(path: string, report: Report, options: Pix2pixOptions): Promise<boolean> {
  const kind = await kindOf(path);
  if (kind === "file") return path.endsWith(".json") && (await isSmoothing(path)) && checkPath(path, report, options);
  const known = basename(path) in kinds || (await isLogdirCase(path)) || (await holdsReferences(path));
  return known && checkPath(path, report, options);
}

/** A reference of pix2pix, or a folder of such. */
async function holdsReferences(path: string): Promise<boolean> {
  if (await isReferenceFolder(path)) return true;
  for (const name of await namesIn(path)) if (await isReferenceFolder(join(path, name))) return true;
  return false;
}

interface SmoothingFile {
  readonly series: readonly { readonly smoothed?: unknown }[];
}

async function isSmoothing(path: string): Promise<boolean> {
  const content = await readJson<Partial<SmoothingFile>>(path).catch((error: unknown): Partial<SmoothingFile> => {
    if (error instanceof SyntaxError) return {};
    throw error;
  });
  return Array.isArray(content.series) && Array.isArray(content.series[0]?.smoothed);
}

async function isLogdirCase(path: string): Promise<boolean> {
  const [expected, logs, packed] = await Promise.all(["expected.json", "logs", "logs.tar.gz"].map((name) => kindOf(join(path, name))));
  return expected === "file" && (logs === "folder" || packed === "file");
}

const usage = "Usage: npm run -s conformance -- DIR [--checkpoint PREFIX] [--backend NAME]\n";

/** Paths are relative to where the person stands, not to this project. */
const here = (path: string) => resolve(process.env["INIT_CWD"] ?? process.cwd(), path);

async function main(args: readonly string[]): Promise<number> {
  const options = { checkpoint: { type: "string" }, backend: { type: "string" } } as const;
  const { values: { checkpoint, backend }, positionals: [word] } = parseArgs({ args: [...args], options, allowPositionals: true });
  const path = word === undefined ? undefined : here(word);
  const backends = checkedBackends.filter((name) => backend === undefined || name === backend);
  if (path === undefined || backends.length === 0 || (await kindOf(path)) === "nothing") {
    const wrong = word === undefined ? "" : backends.length === 0 ? `There is no backend ${backend} to check on.\n` : `There is nothing at ${word}.\n`;
    process.stderr.write(`${wrong}${usage}`);
    return 2;
  }
  logging.setVerbosity("silent");
  const report = new Report((line) => process.stdout.write(`${line}\n`));
  const pix2pix = { backends, ...(checkpoint !== undefined && { checkpoint: here(checkpoint) }) };
  if (!(await checkPath(path, report, pix2pix))) {
    const wanted = `a kind (${Object.keys(kinds).join(", ")}), a folder with reference.json, a folder of such or of logdir cases, or a smoothing file`;
    process.stderr.write(`There are no cases in ${path}: wanted ${wanted}.\n`);
    return 2;
  }
  return report.finish();
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // No case could be looked for: a failure is something else.
  process.stderr.write(`The cases could not be run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
