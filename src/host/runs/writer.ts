// Whether the process that a run.json names is still at work.
import { hostname } from "node:os";
import { basename } from "node:path";
import type { RunRecord } from "#model/run";
import { processExists } from "#node/processes";

/** `elsewhere` is on another machine: a process id says nothing there, so the record's word is taken. `who` for the person. */
export function writerOf({ state, node, pid, host }: RunRecord): { readonly writer: "running" | "ended" | "elsewhere"; readonly who: string } {
  const who = [basename(node ?? "node"), ...(pid === undefined ? [] : [`pid ${pid}`]), ...(host === undefined ? [] : [`on ${host}`])].join(", ");
  if (state !== "running") return { writer: "ended", who };
  if (host !== undefined && host !== hostname()) return { writer: "elsewhere", who };
  return { writer: pid === undefined || processExists(pid) ? "running" : "ended", who };
}
