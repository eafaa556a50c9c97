// The log of a trace: short lines word by word, long explanations by how they begin and by the error they end with.
import { Mismatch } from "./report";

/** A line: its time, and what happened or was said. */
export type LogEntry = readonly [t: number, kind: string, ...rest: unknown[]];

export function sameLog(got: readonly LogEntry[], wanted: readonly LogEntry[]): void {
  for (let at = 0; at < Math.max(got.length, wanted.length); at++) {
    const [mine, theirs] = [printed(got[at]), printed(wanted[at])];
    if (mine !== theirs) throw new Mismatch(`log[${at}]`, theirs, mine);
  }
}

function printed(entry: LogEntry | undefined): string {
  if (!entry) return "nothing";
  const [t, ...rest] = entry;
  return JSON.stringify([Math.round(t * 1e4) / 1e4, ...rest.map((part) => (typeof part === "string" ? abridged(part) : part))]);
}

/** The first words tell which explanation it is. */
const explanations = /^(An error was raised|It seems that global step)/;

function abridged(text: string): string {
  if (!explanations.test(text)) return text;
  return `${text.split(/[ .,]+/).slice(0, 4).join(" ")} … ${/Error: (.*)$/.exec(text)?.[1] ?? ""}`;
}
