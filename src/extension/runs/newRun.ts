// "New Run…": script, arguments and backend in three steps, the command line before the first run of a workspace, the start.
import { basename, isAbsolute, join, relative } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import { makeRunFolder, startRun } from "#host/engines/localEngine";
import type { BackendName } from "#model/run";
import { setting } from "../settings";
import { joinArguments, splitArguments } from "./commandLine";
import { askInSteps, askWithBack, pickWithBack } from "./quickSteps";
import { findTrainingScripts } from "./trainingScripts";

/** What the person chose to train. */
interface Choice {
  readonly script: string;
  readonly args: string;
  readonly backend: BackendName | "auto";
}

/** Where our own files lie, and what was remembered. */
export interface NewRunPlace {
  readonly extension: vscode.Uri;
  readonly memory: vscode.Memento;
}

const backends: readonly { readonly name: Choice["backend"]; readonly detail: string }[] = [
  { name: "auto", detail: "The first of the following that works here" },
  { name: "cuda", detail: "tfjs-node-gpu of your project, on CUDA 11.2" },
  { name: "webgpu", detail: "WebGPU" },
  { name: "node", detail: "tfjs-node of your project" },
  { name: "wasm", detail: "WebAssembly: comes with Trainscope, needs nothing" },
  { name: "cpu", detail: "Plain JavaScript: slow, works everywhere" },
];

/** Scripts that come with us; the first one is trained by one click. */
const samples = [
  { name: "pix2pix (digits)", path: ["pix2pix", "pix2pix.ts"], detail: "Handwritten digits out of their edges; comes with Trainscope" },
  { name: "classifier (digits)", path: ["classifier", "classifier.ts"], detail: "Tells handwritten digits apart, in seconds, with TensorFlow 1's hooks; comes with Trainscope" },
] as const;

function scriptOf(extension: vscode.Uri, { path }: (typeof samples)[number]): string {
  return vscode.Uri.joinPath(extension, "samples", ...path).fsPath;
}

/** The script of the sample that one click trains. */
function sampleScript(extension: vscode.Uri): string {
  return scriptOf(extension, samples[0]);
}

/** Asks what to train and starts it; undefined when the person leaves. */
export async function newRun(place: NewRunPlace): Promise<string | undefined> {
  const folder = await workspaceFolder();
  if (!folder) return undefined;
  const choice = await choose(place, folder);
  return choice && start(place, { folder, choice });
}

/** Starts the sample with its own defaults. */
export async function newSampleRun(place: NewRunPlace): Promise<string | undefined> {
  const folder = await workspaceFolder();
  if (!folder) return undefined;
  const choice = { script: sampleScript(place.extension), args: "", backend: backendOf(setting("training.backend", folder)) };
  return start(place, { folder, choice });
}

async function choose(place: NewRunPlace, folder: vscode.Uri): Promise<Choice | undefined> {
  const title = "New Run";
  const items = await scriptItems(place, folder);
  const answers = await askInSteps([
    (at) => pickWithBack({ ...at, title, placeholder: "Script to train", items }),
    (at, [script = "", before]) => {
      const prompt = `Arguments for ${basename(script)}, as on a command line`;
      const value = before ?? place.memory.get<string>(argumentsKey(script), "");
      return askWithBack({ ...at, title, prompt, value, refuse: refusal });
    },
    (at) => pickWithBack({ ...at, title, placeholder: "What computes", items: backendItems(folder) }),
  ]);
  const [script, args, backend] = answers ?? [];
  return script === undefined || args === undefined ? undefined : { script, args, backend: backendOf(backend) };
}

function backendItems(folder: vscode.Uri): readonly (vscode.QuickPickItem & { readonly value: string })[] {
  const preferred = setting("training.backend", folder);
  const sorted = [...backends].sort((a, b) => Number(b.name === preferred) - Number(a.name === preferred));
  return sorted.map(({ name, detail }) => ({ label: name, detail, value: name }));
}

function backendOf(name: string | undefined): Choice["backend"] {
  return backends.find((backend) => backend.name === name)?.name ?? "auto";
}

function argumentsKey(script: string): string {
  return `arguments ${script}`;
}

async function scriptItems({ extension }: NewRunPlace, folder: vscode.Uri): Promise<readonly (vscode.QuickPickItem & { readonly value: string })[]> {
  const found = await findTrainingScripts(folder);
  const ours = samples.map((sample) => ({ label: `$(mortar-board) ${sample.name}`, description: "sample", detail: sample.detail, value: scriptOf(extension, sample) }));
  const own = found.map(({ uri, name }) => ({ label: `$(file-code) ${basename(name)}`, description: name, value: uri.fsPath }));
  return [...own, ...ours];
}

async function start(place: NewRunPlace, { folder, choice }: { readonly folder: vscode.Uri; readonly choice: Choice }): Promise<string | undefined> {
  const args = splitArguments(choice.args);
  if (!(await agreed(place, { folder, choice }))) return undefined;
  await place.memory.update(argumentsKey(choice.script), choice.args);
  const root = join(folder.fsPath, setting("runs.folder", folder));
  const below = relative(folder.fsPath, root);
  if (below.startsWith("..") || isAbsolute(below)) throw new UserError("The folder for runs must lie inside the workspace.", "Change trainscope.runs.folder.");
  const node = setting("training.node");
  const trainer = vscode.Uri.joinPath(place.extension, "dist", "trainer.mjs").fsPath;
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Starting ${basename(choice.script)}` }, async () => {
    const logdir = await makeRunFolder(root, { script: choice.script });
    const options = { script: choice.script, args, backend: choice.backend, logdir, trainer, cwd: folder.fsPath };
    return (await startRun(node ? { ...options, node } : options)).runDir;
  });
}

/** A workspace's script is the workspace's code: the first run of each shows what will be run, and asks. */
async function agreed({ extension, memory }: NewRunPlace, { folder, choice }: { readonly folder: vscode.Uri; readonly choice: Choice }): Promise<boolean> {
  const key = "agreedToRun";
  if (memory.get<boolean>(key, false) || samples.some((sample) => choice.script === scriptOf(extension, sample))) return true;
  const node = setting("training.node") || "node";
  const line = joinArguments([node, choice.script, ...splitArguments(choice.args)]);
  const detail = `${line}\n\nin ${folder.fsPath}, with backend ${choice.backend}. Asked once per workspace.`;
  const answer = await vscode.window.showWarningMessage(`Run ${basename(choice.script)} with your rights?`, { modal: true, detail }, "Run");
  if (answer === "Run") await memory.update(key, true);
  return answer === "Run";
}

async function workspaceFolder(): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const [first] = folders;
  if (!first) throw new UserError("A run needs a folder to write to.", "Open a folder first.");
  if (folders.length === 1) return first.uri;
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder: "Folder that the run is made in" }))?.uri;
}

function refusal(line: string): string | undefined {
  try {
    splitArguments(line);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
