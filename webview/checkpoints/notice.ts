// Which of the host's notices stands in the policy line and which in a row of its own: at most one of each.
import type { CheckpointNotice } from "#model/checkpointOutlook";

const inLine: readonly CheckpointNotice["kind"][] = ["diskFull", "bestGoes", "unmanaged"];

const icons: Readonly<Record<CheckpointNotice["kind"], string>> = {
  diskFull: "warning", damagedNewest: "warning", staleState: "warning", movedState: "warning", bestGoes: "star-full", unmanaged: "question", clockJump: "warning",
  undoRestore: "history", problem: "warning",
};

/** What concerns what comes: disk, best, orphans. The host told the most urgent first. */
export function lineNotice(notices: readonly CheckpointNotice[]): CheckpointNotice | undefined {
  return notices.find(({ kind }) => inLine.includes(kind));
}

/** What is wrong now, or can be taken back. */
export function rowNotice(notices: readonly CheckpointNotice[]): CheckpointNotice | undefined {
  return notices.find(({ kind }) => !inLine.includes(kind));
}

export function noticeIcon({ kind }: CheckpointNotice): string {
  return icons[kind];
}

/** In half a window the first sentence has to do. */
export function shortNotice({ text }: CheckpointNotice): string {
  const first = /^.+?\.(?=\s|$)/.exec(text)?.[0] ?? text;
  return first.replace(/^Step ([\d,.\s\u202f]+), the best so far,/, "Best, step $1,");
}
