#!/usr/bin/env node
// Main program of the command line: words to commands, errors to one sentence, outcomes to exit codes.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { FormatError, messageOf, UserError } from "#base/errors";
import { codeOf } from "#node/files";
import { programVersion } from "#protocol/version";
import { startInProcessReader } from "#host/reader/inProcessReader";
import * as checkpoints from "./commands/checkpoints";
import { diff } from "./commands/diff";
import { doctor } from "./commands/doctor";
import { graph } from "./commands/graph";
import { inspect } from "./commands/inspect";
import { ls } from "./commands/ls";
import * as run from "./commands/run";
import { scalars } from "./commands/scalars";
import { terminal, visible } from "./output";

let exitCode = 0;
const reader = startInProcessReader();
const surroundings = { reader, terminal };
const json = (): Option => new Option("--json", "print JSON and nothing else");
const backends = ["auto", "cuda", "webgpu", "node", "wasm", "cpu"];

/** Runs a command's function and keeps its exit code. */
function doing<Words extends unknown[]>(act: (...words: Words) => Promise<number>): (...words: Words) => Promise<void> {
  return async (...words) => {
    exitCode = await act(...words);
  };
}

function program(): Command {
  const all = new Command("trainscope")
    .description("Inspect and manage training runs.")
    .version(programVersion)
    .exitOverride();
  all.showHelpAfterError("Usage: trainscope COMMAND …   (trainscope --help lists the commands)");
  all.showSuggestionAfterError(true).configureOutput({ outputError: (text, write) => write(text) });
  addTraining(all);
  addLooking(all);
  addCheckpoints(all);
  for (const command of all.commands)
    command.exitOverride().showHelpAfterError(`Usage: trainscope ${command.name()} ${command.usage()}`);
  return all;
}

function addTraining(all: Command): void {
  all
    .command("run")
    .description("start a trainer for a script and follow it")
    .argument("<script>")
    .argument("[args...]", "after --, for the script")
    .option("--logdir <dir>", "folder of the run")
    .option("--name <name>", "name of the run below that folder")
    .addOption(new Option("--backend <name>").choices(backends).default("auto"))
    .option("--restore <prefix>", "checkpoint, or run, to start from")
    .option("--detach", "leave it training and print the run")
    .addOption(json())
    .action(
      doing((script: string, args: string[], options: Omit<run.RunOptions, "args">) =>
        run.run(script, { ...options, args }, terminal),
      ),
    );
  all
    .command("attach")
    .description("follow a run that is training")
    .argument("<run>")
    .addOption(json())
    .action(doing((word: string, options: { json?: boolean }) => run.attach(word, options, terminal)));
  all
    .command("stop")
    .description("end a run after its step")
    .argument("<run>")
    .option("--now", "at once")
    .action(doing((word: string, options: { now?: boolean }) => run.stop(word, options, terminal)));
  all
    .command("checkpoint")
    .description("have a training save now")
    .argument("<run>")
    .addOption(json())
    .action(doing((word: string, options: { json?: boolean }) => run.checkpoint(word, options, terminal)));
}

function addLooking(all: Command): void {
  all
    .command("ls")
    .description("runs below a folder")
    .argument("[dir]", "", ".")
    .addOption(json())
    .action(doing((dir: string, options: { json?: boolean }) => ls(dir, options, surroundings)));
  all
    .command("scalars")
    .description("every point of a run's scalars, raw and smoothed")
    .argument("<run>")
    .option("--tag <glob>", "only these tags; * stands for any text")
    .option("--smoothing <weight>", "of TensorBoard's average, 0 to below 1", smoothingWeight, 0)
    .addOption(new Option("--restarts <what>", "what restarts superseded").choices(["purge", "keep"]).default("purge"))
    .addOption(new Option("--format <format>").choices(["table", "csv", "json"]).default("table"))
    .addOption(json())
    .action(
      doing((word: string, { json: asJson, ...options }: Parameters<typeof scalars>[1] & { json?: boolean }) =>
        scalars(word, asJson ? { ...options, format: "json" } : options, terminal),
      ),
    );
  all
    .command("inspect")
    .description("what a file or folder holds")
    .argument("<path>")
    .option("--verify", "read and compare every data byte")
    .option("--tensor <name>", "print one tensor")
    .option("--npy <file>", "write that tensor for NumPy")
    .option("--csv <file>", "write that tensor as comma-separated values")
    .option("--safetensors <file>", "write all tensors as safetensors")
    .addOption(json())
    .hook("preAction", requireTensor)
    .action(doing((word: string, options: Parameters<typeof inspect>[1]) => inspect(word, options, surroundings)));
  all
    .command("diff")
    .description("how two checkpoints differ, variable by variable")
    .argument("<from>", "checkpoint, or run for its latest")
    .argument("<to>")
    .addOption(json())
    .action(doing((from: string, to: string, options: { json?: boolean }) => diff({ from, to }, options, surroundings)));
  all
    .command("graph")
    .description("the scope tree of a graph")
    .argument("<path>")
    .option("--svg <file>", "write the drawing to this file, scopes opened down to --depth")
    .option("--depth <n>", "levels of scopes", wholeNumber, 1)
    .addOption(json())
    .action(doing((word: string, options: Parameters<typeof graph>[1]) => graph(word, options, surroundings)));
  all
    .command("doctor")
    .description("which backends load here, and why not")
    .addOption(json())
    .action(doing((options: { json?: boolean }) => doctor(options, terminal)));
}

function addCheckpoints(all: Command): void {
  all
    .command("checkpoints")
    .description("what is there, why each is kept, what goes next")
    .argument("<run>")
    .option("--forecast <n>", "coming saves to tell", wholeNumber)
    .option("--interval <seconds>", "between saves", number)
    .addOption(json())
    .action(
      doing((word: string, options: checkpoints.ListOptions) => checkpoints.checkpoints(word, options, surroundings)),
    );
  all
    .command("prune")
    .description("move away what the retention rule lets go")
    .argument("<run>")
    .option("--max-to-keep <n>", "newest to keep, 0 for all", wholeNumber)
    .option("--keep-every-n-hours <h>", "one to keep for good", number)
    .option("--dry-run", "show the plan only")
    .addOption(json())
    .action(doing((word: string, options: checkpoints.PruneOptions) => checkpoints.prune(word, options, surroundings)));
  all
    .command("undo")
    .description("bring back what the last prune moved")
    .argument("<run>")
    .addOption(json())
    .action(doing((word: string, options: { json?: boolean }) => checkpoints.undo(word, options, surroundings)));
  all
    .command("empty-trash")
    .description("delete for good what prunes moved")
    .argument("<run>")
    .addOption(json())
    .action(doing((word: string, options: { json?: boolean }) => checkpoints.emptyTrash(word, options, surroundings)));
  all
    .command("restore")
    .description("put a training, or a new trainer, at a checkpoint")
    .argument("<run>")
    .argument("<prefix>")
    .option("--branch <name>", "in a new run beside this one")
    .option("--dry-run", "only say how it fits")
    .addOption(json())
    .action(
      doing((word: string, from: string, options: Omit<checkpoints.RestoreCommandOptions, "from">) =>
        checkpoints.restore(word, { ...options, from }, surroundings),
      ),
    );
}

/** Two forms of files take one tensor only. */
function requireTensor(command: Command): void {
  const { tensor, npy, csv } = command.opts<Parameters<typeof inspect>[1]>();
  const file = npy === undefined ? csv && "--csv" : "--npy";
  if (file && tensor === undefined) command.error(`error: ${file} writes one tensor: name it with --tensor`);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

function number(text: string): number {
  const parsed = Number(text);
  if (text.trim() === "" || !(parsed >= 0)) throw new InvalidArgumentError("It must be a number, 0 or more.");
  return parsed;
}

function smoothingWeight(text: string): number {
  const parsed = number(text);
  if (parsed >= 1) throw new InvalidArgumentError("It must be below 1.");
  return parsed;
}

/** Errors as the contract wants them: 2 for the command line, 1 with one sentence for the rest. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  // Names out of files are in these sentences.
  if (error instanceof UserError) terminal.err(`${visible([error.message, error.action].filter(Boolean).join(" "))}\n`);
  else if (error instanceof FormatError) terminal.err(`${visible(error.message)}\n`);
  else if (codeOf(error) !== undefined) terminal.err(`${visible(messageOf(error))}\n`);
  else terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

// Whoever reads our output may have read enough, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitCode);
});
try {
  await program().parseAsync();
} catch (error) {
  exitCode = report(error);
}
reader.dispose();
// Not exit(): what was printed into a pipe must still be taken.
process.exitCode = exitCode;
