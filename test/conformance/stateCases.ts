// State files: read as TensorFlow reads them, printed letter by letter, and the checkpoints that they and folders tell of.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseCheckpointState, printCheckpointState, readCheckpointState } from "#formats/checkpointState/checkpointState";
import { FormatError } from "#base/errors";
import { checkpointExists, latestCheckpoint, updateCheckpointState } from "#runtime/saving/checkpointFiles";
import { metaFileName } from "#runtime/saving/checkpointPaths";
import { jsonNumber, kindOf, readBytes, readJson } from "./folders";
import { sameError } from "./pythonErrors";
import { Mismatch, need, same, type Report } from "./report";

interface ExpectedState {
  readonly model_checkpoint_path: string;
  readonly all_model_checkpoint_paths?: readonly string[];
  readonly all_model_checkpoint_timestamps?: readonly (number | string)[];
  readonly last_preserved_timestamp?: number | string;
}
interface ExpectedFile { readonly state?: ExpectedState | null; readonly error?: { readonly type: string } }

interface MadeCase {
  readonly dir: string;
  readonly newest: string;
  readonly list: readonly string[] | null;
  readonly times?: readonly number[];
  readonly text?: string;
  readonly error?: { readonly type: string; readonly message: string };
}

/** Paths are read as those of a state file in this folder. */
const folderName = "dir";

/** What is refused is refused before anything is written. */
async function checkMade({ dir, newest, list, times, text, error }: MadeCase): Promise<void> {
  if (text !== undefined) return same("text", printCheckpointState(need(parseCheckpointState(text), "a state")), text);
  const options = { allModelCheckpointPaths: list ?? [], ...(times && { allModelCheckpointTimestamps: times }) };
  const thrown = await updateCheckpointState(dir, newest, options).then(() => undefined, (reason: unknown) => reason);
  sameError(thrown, error && { ...error, message: "must match checkpoint paths" });
}

export async function checkState(folder: string, report: Report): Promise<void> {
  const { files } = await readJson<{ files: Record<string, ExpectedFile> }>(join(folder, "expected.json"));
  for (const [name, wanted] of Object.entries(files)) {
    await report.check(`state/${name}`, async () => checkRead(await readBytes(await pathOf(folder, name)), wanted));
    if (wanted.state) await report.check(`state/${name} printed`, async () => checkPrinted(await readBytes(await pathOf(folder, name))));
  }
  const made = join(folder, "made.json");
  if ((await kindOf(made)) === "file") {
    const { cases } = await readJson<{ cases: MadeCase[] }>(made);
    for (const [at, each] of cases.entries()) {
      if (each.error?.type === "TypeError") report.skip("an accident of Python: it asks for the length of no list");
      else await report.check(`state/made ${at}`, () => checkMade(each));
    }
  }
  const exists = join(folder, "exists.json");
  if ((await kindOf(exists)) === "file") {
    const { cases } = await readJson<{ cases: ExistsCase[] }>(exists);
    for (const [at, each] of cases.entries()) {
      if (each.meta_names) {
        for (const [prefix, file] of Object.entries(each.meta_names)) await report.check(`state/meta name of ${prefix}`, () => same("name", metaFileName(prefix, "meta"), file));
      } else await report.check(`state/exists ${at}`, () => checkExists(each));
    }
  }
}

async function pathOf(folder: string, name: string): Promise<string> {
  const plain = join(folder, name);
  return (await kindOf(plain)) === "file" ? plain : `${plain}.checkpoint`;
}

const joined = (path: string): string => (path.startsWith("/") ? path : `${folderName}/${path}`);

function checkRead(bytes: Uint8Array, { state, error }: ExpectedFile): void {
  if (error) {
    try {
      throw new Mismatch("reading", error, readCheckpointState(bytes) ?? "nothing");
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      return;
    }
  }
  const found = readCheckpointState(bytes);
  if (!state) return same("state", found, undefined);
  const read = need(found, "a state");
  same("newest", joined(read.modelCheckpointPath), state.model_checkpoint_path);
  same("paths", read.allModelCheckpointPaths.map(joined), state.all_model_checkpoint_paths ?? []);
  same("times", read.timestamps.map(jsonNumber), state.all_model_checkpoint_timestamps ?? []);
  if (state.last_preserved_timestamp !== undefined) same("last preserved", jsonNumber(read.lastPreservedTimestamp ?? 0), state.last_preserved_timestamp);
}

/** What is printed is read again the same. */
function checkPrinted(bytes: Uint8Array): void {
  const state = need(readCheckpointState(bytes), "a state");
  same("read again", parseCheckpointState(printCheckpointState(state)), state);
}

interface ExistsCase { readonly meta_names?: Readonly<Record<string, string>>; readonly files?: readonly string[]; readonly exists?: boolean; readonly latest?: string | null }

/** The case's checkpoint is `m-1` in a folder whose state file names it. */
async function checkExists({ files = [], exists, latest }: ExistsCase): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const dir = join(root, "d");
    await mkdir(dir);
    for (const file of files) {
      await mkdir(dirname(join(dir, file)), { recursive: true });
      await writeFile(join(dir, file), "");
    }
    same("exists", await checkpointExists(join(dir, "m-1")), exists);
    await writeFile(join(dir, "checkpoint"), 'model_checkpoint_path: "m-1"\nall_model_checkpoint_paths: "m-1"\n');
    if (latest !== undefined) same("latest", (await latestCheckpoint(dir)) ?? null, latest === null ? null : join(root, latest));
  } finally {
    await rm(root, { recursive: true });
  }
}
