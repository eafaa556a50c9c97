// The folders are laid out as the tools themselves left them: Hugging Face's Trainer 4.57, Lightning 2.5, Orbax 0.12, Keras 2.15 and CheckpointManager of TensorFlow 2.15.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readCheckpointFacts } from "#host/reader/checkpointFacts";
import { CheckpointHealth } from "#host/reader/checkpointHealth";
import { temporaryFolder } from "./temporaryFolder";

async function ruleIn(files: Readonly<Record<string, string>>) {
  const dir = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return (await readCheckpointFacts(dir, { nowSeconds: 1795316700, health: new CheckpointHealth() })).rule;
}

const listed = (...names: readonly string[]): string => [`model_checkpoint_path: "${names.at(-1)}"`, ...names.map((name) => `all_model_checkpoint_paths: "${name}"`)].join("\n");

const emptyCheckpoints = (...prefixes: readonly string[]): Record<string, string> =>
  Object.fromEntries(prefixes.flatMap((prefix) => [`${prefix}.index`, `${prefix}.data-00000-of-00001`].map((name) => [name, ""])));

test.each([
  ["HF Trainer", { "checkpoint-30/trainer_state.json": "{}", "checkpoint-30/model.safetensors": "", "checkpoint-36/trainer_state.json": "{}" }, "save_total_limit"],
  ["Lightning", { "checkpoints/e2-s24.ckpt": "", "checkpoints/e3-s32.ckpt": "", "checkpoints/last.ckpt": "", "hparams.yaml": "{}" }, "save_top_k"],
  ["Orbax", { "10/_CHECKPOINT_METADATA": "{}", "10/commit_success.txt": "", "15/_CHECKPOINT_METADATA": "{}" }, "max_to_keep"],
  ["Keras", { checkpoint: listed("cp-0004.ckpt"), "cp-0001.ckpt.index": "", "cp-0004.ckpt.index": "" }, "nothing deletes the others"],
  ["CheckpointManager", { checkpoint: `${listed("ckpt-60", "ckpt-66", "ckpt-72")}\n${[673.1, 674.2, 675.3].map((seconds) => `all_model_checkpoint_timestamps: 1795316${seconds}`).join("\n")}\nlast_preserved_timestamp: 1795316672.2`, ...emptyCheckpoints("ckpt-60", "ckpt-66", "ckpt-72") }, "the newest 3,"],
  ["Saver", { checkpoint: listed("model-1", "model-2"), "model-2.index": "", "model-2.meta": "" }, "one goes per save"],
  ["unknown", { "notes.txt": "", "7/notes.txt": "", "checkpoint-9/notes.txt": "" }, "Nobody knows"],
] as const)("%s is recognised by what only it leaves, and its rule is named", async (kind, files, words) => {
  const rule = await ruleIn(files);
  expect([rule.kind, rule.text]).toEqual([kind, expect.stringContaining(words)]);
  expect(rule.fixed).toMatch(/rule is set in (that|the) program/);
});
