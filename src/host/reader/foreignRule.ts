// Which program's rule keeps the checkpoints of a folder, recognised by what only that program leaves there.
import { join } from "node:path";
import type { ManagerRule } from "#analysis/checkpoints/managerRule";
import type { CheckpointState } from "#formats/checkpointState/checkpointState";
import type { RetentionRule } from "#model/checkpointOutlook";
import { defaultRetention, type RetentionPolicy, type RunRecord } from "#model/run";
import { namesIn } from "#node/files";

/** What is looked at. */
export interface RuleSigns {
  readonly dir: string;
  /** Names in the folder. */
  readonly names: readonly string[];
  readonly record?: RunRecord | undefined;
  readonly state?: CheckpointState | undefined;
  /** Where CheckpointManager wrote the state file: what is known of its numbers. */
  readonly manager?: ManagerRule | undefined;
}

/** Numbers of a rule that another program holds in its memory are not known; the sentence says so. */
export async function ruleOf({ dir, names, record, state, manager }: RuleSigns): Promise<RetentionRule> {
  if (manager && state) return { kind: "CheckpointManager", text: managerText(manager, state.allModelCheckpointPaths.length), fixed: "Its rule is set in the program that made the CheckpointManager." };
  if (record) return { kind: "Saver", text: saverText(record.retentionAsked ?? record.retention ?? defaultRetention) };
  const fixed = "Another program keeps these checkpoints: its rule is set in that program.";
  if (state && names.some((name) => name.endsWith(".meta")))
    return { kind: "Saver", text: "Kept by a Saver of another program: one goes per save, oldest first; its numbers are not known, TensorFlow's are assumed.", fixed };
  if (state) return { kind: "Keras", text: "Written by Keras or by hand: the state file names the last one only, and nothing deletes the others.", fixed };
  return { ...((await otherTools(dir, names)) ?? { kind: "unknown", text: "Nobody knows which rule keeps these checkpoints." }), fixed };
}

/** TF1's rule in words. */
function saverText({ maxToKeep, keepCheckpointEveryNHours }: RetentionPolicy): string {
  if (maxToKeep === 0) return "Kept by Saver: all of them.";
  return `Kept by Saver: the newest ${maxToKeep}, and of those that would go the first after every ${keepCheckpointEveryNHours} h for good; one goes per save.`;
}

/** CheckpointManager's rule, as far as the folder shows it. */
function managerText({ maxToKeep, keepCheckpointEveryNHours: hours }: ManagerRule, listed: number): string {
  if (maxToKeep === undefined) return `Kept by CheckpointManager: all ${listed} so far; its number is not in the state file, and nothing shows that one has gone.`;
  const forGood = hours === undefined ? "" : `, and of those that would go one every ${Number(hours.toFixed(3))} h for good`;
  return `Kept by CheckpointManager: the newest ${maxToKeep}${forGood}, as the folder shows; all others go at each save.`;
}

/** Programs whose checkpoints we do not read but name. */
async function otherTools(dir: string, names: readonly string[]): Promise<Pick<RetentionRule, "kind" | "text"> | undefined> {
  const numbered = names.find((name) => /^checkpoint-\d+$/.test(name));
  if (numbered !== undefined && (await namesIn(join(dir, numbered))).includes("trainer_state.json"))
    return { kind: "HF Trainer", text: "Kept by Hugging Face's Trainer: the newest `save_total_limit`, and the best where it loads the best at the end." };
  const steps = names.find((name) => /^\d+$/.test(name));
  const orbax = (files: readonly string[]): boolean => files.some((name) => name === "_CHECKPOINT_METADATA" || name === "commit_success.txt");
  if (steps !== undefined && orbax(await namesIn(join(dir, steps))))
    return { kind: "Orbax", text: "Kept by Orbax: the newest `max_to_keep`, or the best of them where it has a metric; then the newest may go." };
  const inner = names.includes("checkpoints") ? await namesIn(join(dir, "checkpoints")) : [];
  if ([...names, ...inner].some((name) => name.endsWith(".ckpt")))
    return { kind: "Lightning", text: "Kept by Lightning's ModelCheckpoint: the best `save_top_k` by its monitor, and `last.ckpt`." };
  return undefined;
}
