import { expect, test } from "vitest";
import type { CheckpointNotice } from "#model/checkpointOutlook";
import { lineNotice, rowNotice, shortNotice } from "../../../../webview/checkpoints/notice";

const said = (kind: CheckpointNotice["kind"], text = ""): CheckpointNotice => ({ kind, text, prefixes: [] });

test("one thing to come in the policy line, one thing that is wrong in a row: the first of each", () => {
  const all = [said("damagedNewest"), said("staleState"), said("bestGoes"), said("unmanaged")];
  expect([lineNotice(all)?.kind, rowNotice(all)?.kind]).toEqual(["bestGoes", "damagedNewest"]);
  expect([lineNotice([said("clockJump")]), rowNotice([said("diskFull")])]).toEqual([undefined, undefined]);
});

test("in half a window a notice is its first sentence, and the best comes first", () => {
  expect(shortNotice(said("bestGoes", "Step 10,500, the best so far, goes at ≈ 14:32."))).toBe("Best, step 10,500, goes at ≈ 14:32.");
  expect(shortNotice(said("diskFull", "Disk full ≈ 14:26, at the save of step 13,500. That save is refused before it starts."))).toBe("Disk full ≈ 14:26, at the save of step 13,500.");
});
