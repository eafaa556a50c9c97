import { describe, expect, test } from "vitest";
import { restoreCode } from "#analysis/checkpoints/restoreCode";
import type { CheckpointContent, Preflight } from "#model/checkpoint";

const content: CheckpointContent = {
  kind: "checkpoint", format: "V2", shards: 1, bytes: 28, endianness: "little", problems: [],
  variables: [
    { name: "w", dtype: "float32", shape: [2, 3], bytes: 24 }, { name: "w/ExponentialMovingAverage", dtype: "float32", shape: [2, 3], bytes: 24 },
    { name: "global_step", dtype: "int64", shape: [], bytes: 8 },
  ],
};
const misfit: Preflight = {
  prefix: "model-9", equal: 1, otherShape: [{ name: "w", file: [2, 3], program: [3, 3] }], otherDtype: [], missing: ["mean"], extra: ["average"],
  renames: [{ missing: "mean", extra: "average" }], notInFile: [], fits: false, program: 97, sets: 97, averages: 0, scopes: [],
};

describe("restore code", () => {
  test("of TensorFlow 1 maps names to the program's variables, and averages to what they belong to", () => {
    const code = restoreCode("tf1", { path: "/runs/a/model-9", content });
    expect(code).toContain('    "w": own["w"],  # float32 [2, 3]\n');
    expect(code).toContain('    "w/ExponentialMovingAverage": own["w"],\n');
    expect(code).toContain('tf.train.Saver(wanted).restore(session, "/runs/a/model-9")');
  });
  test("of TensorFlow 2 reads by names, or restores objects where the checkpoint holds objects", () => {
    expect(restoreCode("tf2", { path: "/a", content })).toContain('"global_step": reader.get_tensor("global_step"),  # int64 []');
    expect(restoreCode("tf2", { path: "/a", content: { ...content, objects: { count: 1, tensors: [] } } })).toContain("tf.train.Checkpoint(model=model, optimizer=optimizer)");
  });
  test("of a script lists what is set", () => {
    const code = restoreCode("tfjs", { path: "C:\\runs\\model-9", content });
    expect(code).toContain('await new Saver().restore(session, "C:\\\\runs\\\\model-9");');
    expect(code).toContain("//   global_step: int64 []");
  });
  test("says in comments what does not fit", () => {
    const code = restoreCode("tf1", { path: "/a", content, preflight: misfit });
    expect(code).toContain("#   missing in the file: mean, likely average renamed\n");
    expect(code).toContain("#   other shape: w is [2, 3] in the file and [3, 3] in the program\n");
  });
  test("keeps hostile names inside their literals and comments", () => {
    const hostile = 'x"\nimport os; os.system("rm")#';
    const given = { path: hostile, content: { ...content, variables: [{ name: hostile, dtype: "float32", shape: [], bytes: 4 }] }, preflight: { ...misfit, missing: [hostile] } };
    for (const target of ["tf1", "tf2", "tfjs"] as const) {
      expect(restoreCode(target, given).split("\n").filter((line) => line.startsWith("import os"))).toEqual([]);
    }
  });
});
