// State files: the usual one, one with odd characters in its paths, one with CheckpointManager's times.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { printCheckpointState, type CheckpointState } from "#formats/checkpointState/checkpointState";

const odd = "/data/größe 模型/it's \"quoted\" \\ back\ttab\nline-1";

const states: Readonly<Record<string, CheckpointState>> = {
  usual: { modelCheckpointPath: "/logs/model-20", allModelCheckpointPaths: ["/logs/model-10", "/logs/model-20"], timestamps: [] },
  odd: { modelCheckpointPath: odd, allModelCheckpointPaths: [odd], timestamps: [] },
  timed: {
    modelCheckpointPath: "/logs/ckpt-2", allModelCheckpointPaths: ["/logs/ckpt-1", "/logs/ckpt-2"],
    timestamps: [1_700_000_000.25, 1_700_000_060.123_456_7], lastPreservedTimestamp: 1_699_990_000,
  },
};

export async function writeStates(dir: string): Promise<Readonly<Record<string, CheckpointState>>> {
  for (const [name, state] of Object.entries(states)) {
    await mkdir(join(dir, name), { recursive: true });
    await writeFile(join(dir, name, "checkpoint"), printCheckpointState(state));
  }
  return states;
}
