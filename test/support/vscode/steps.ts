// A test file whose tests are the steps of one person in one window: how the steps depend on each other, and what still trains at the end.
import { beforeEach } from "vitest";
import { codeOf } from "#node/files";
import { readRunRecord } from "#node/runRecord";
import type { Editor } from "./editor";

/** After a failure the later steps would only wait for what cannot come: they are skipped. A picture of the window is kept. */
export function stepsInOneWindow(editor: () => Editor, picture: string): void {
  let failed = false;
  beforeEach(({ skip, onTestFailed }) => {
    skip(failed, "an earlier step failed");
    onTestFailed(async () => {
      failed = true;
      await editor().screenshot(picture);
    });
  });
}

/** Kills the training in a run's folder, if there is one. */
export async function killTraining(runDir: string): Promise<void> {
  const record = await readRunRecord(runDir);
  if (record?.state !== "running" || record.pid === undefined) return;
  try {
    process.kill(-record.pid, "SIGKILL");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}
