// What a person should know of a run's checkpoints now, the most urgent first; the page shows one, the rest on request.
import type { CheckpointInfo } from "#model/checkpoint";
import type { CheckpointNotice } from "#model/checkpointOutlook";
import { latestOf, type CheckpointFacts } from "./facts";
import type { Simulation } from "./simulate";
import { clockJumped } from "./simulate";
import { newestSound } from "./timeline";
import { aboutText, clockText, nameOf } from "./words";

/** What the notices are drawn from. */
export interface NoticeInput {
  readonly facts: CheckpointFacts;
  readonly rows: readonly CheckpointInfo[];
  readonly coming: Simulation;
  readonly best: string | undefined;
  readonly problems: readonly string[];
}

/** In this order: disk full, damaged newest, state file stale, best goes, not managed, clock, undo. */
export function noticesOf(input: NoticeInput): CheckpointNotice[] {
  return [diskFull(input), damagedNewest(input), staleState(input), bestGoes(input), unmanaged(input), clockJump(input), undo(input)].filter(
    (notice) => notice !== undefined,
  );
}

function diskFull({ coming: { full }, facts }: NoticeInput): CheckpointNotice | undefined {
  if (!full || facts.writer === "ended") return undefined;
  const when = aboutText(full.atSeconds, facts.nowSeconds);
  const where = full.step === undefined ? "" : `, at the save of ${nameOf(full)}`;
  return { kind: "diskFull", text: `Disk full ${when}${where}. That save is refused before it starts.`, prefixes: [], act: "prune" };
}

function damagedNewest({ facts, rows }: NoticeInput): CheckpointNotice | undefined {
  const latest = latestOf(facts);
  const newest = rows.find(({ prefix }) => prefix === latest);
  if (!newest || (newest.complete && newest.damage === undefined)) return undefined;
  const other = rows.find(({ prefix }) => prefix === newestSound(facts));
  const remedy = other ? ` Resume from ${nameOf(other)}.` : " No other checkpoint is whole.";
  const how = newest.complete ? "damaged" : "incomplete";
  return {
    kind: "damagedNewest", text: `${capital(nameOf(newest))}, the newest, is ${how}.${remedy}`,
    prefixes: [newest.prefix, ...(other ? [other.prefix] : [])], ...(other && { act: "restore" }),
  };
}

function staleState({ facts, problems }: NoticeInput): CheckpointNotice | undefined {
  const { stateRepair, writer } = facts;
  const stale = stateRepair?.reasons[0];
  const text = stale ?? problems[0];
  if (text === undefined) return undefined;
  const act = stale !== undefined && writer !== "running" && writer !== "elsewhere" ? { act: "repair" as const } : {};
  return { kind: stale === undefined ? "problem" : "staleState", text, prefixes: [], ...act };
}

function bestGoes({ rows, best, facts }: NoticeInput): CheckpointNotice | undefined {
  const row = rows.find(({ prefix }) => prefix === best);
  if (row?.fate.kind !== "goes" || facts.writer === "ended") return undefined;
  const when = aboutText(row.fate.atSeconds, facts.nowSeconds);
  return { kind: "bestGoes", text: `${capital(nameOf(row))}, the best so far, goes at ${when}.`, prefixes: [row.prefix], act: "protect" };
}

function unmanaged({ rows }: NoticeInput): CheckpointNotice | undefined {
  const orphans = rows.filter(({ fate }) => fate.kind === "stays" && fate.until === "managed").map(({ prefix }) => prefix);
  if (orphans.length === 0) return undefined;
  const [are, them] = orphans.length === 1 ? ["checkpoint is", "it"] : ["checkpoints are", "them"];
  return { kind: "unmanaged", text: `${orphans.length} ${are} not managed: no save will delete ${them}.`, prefixes: orphans, act: "manage" };
}

function clockJump({ facts }: NoticeInput): CheckpointNotice | undefined {
  const after = clockJumped(facts);
  if (!after) return undefined;
  const text = `The clock jumped back before ${nameOf(after)} was saved, to ${clockText(after.wallTimeSeconds, facts.nowSeconds)}: times to come are not known.`;
  return { kind: "clockJump", text, prefixes: [after.prefix] };
}

function undo({ facts: { undoRestore } }: NoticeInput): CheckpointNotice | undefined {
  if (!undoRestore) return undefined;
  const { savedBefore, restored } = undoRestore;
  return {
    kind: "undoRestore", text: `${restored} was restored; ${savedBefore}, the state before it, stays until the undo is used or dismissed.`,
    prefixes: [savedBefore, restored], act: "undoRestore",
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
