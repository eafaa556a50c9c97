// trainscope graph: the scope tree of a graph, or its drawing as a file.
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "#base/errors";
import type { GraphSummary, ScopeSummary } from "#model/graph";
import type { GraphOddity } from "#model/graphSearch";
import { count, printJson, visible, type Terminal } from "../output";
import { isFile, kindOfPath } from "../paths";
import { patiently } from "../patience";
import type { ReaderAsks } from "#protocol/readerApi";

/** Options of `trainscope graph`. */
export interface GraphOptions {
  readonly depth: number;
  readonly json?: boolean;
  /** The drawing goes into this file. */
  readonly svg?: string;
}

/** Prints a graph's scopes; a checkpoint means the meta graph saved beside it. */
export async function graph(
  word: string,
  { depth, json = false, svg }: GraphOptions,
  { reader, terminal }: { reader: ReaderAsks; terminal: Terminal },
): Promise<number> {
  const path = await graphPath(word);
  if (svg !== undefined) await writeFile(svg, await patiently("Drawing", reader.graphSvg({ path, depth })));
  const summary = await patiently("Reading", reader.graphSummary({ path, depth }));
  terminal.out(json ? `${printJson(summary)}\n` : printSummary(summary, await reader.graphOddities({ path })));
  return 0;
}

/** A file of any other name may hold a graph as well as be the first part of a checkpoint's name. */
async function graphPath(word: string): Promise<string> {
  const kind = await kindOfPath(word);
  if (kind.kind !== "checkpoint") return resolve(word);
  const meta = `${kind.prefix}.meta`;
  if (await isFile(meta)) return meta;
  if (kind.prefix === resolve(word) && (await isFile(kind.prefix))) return kind.prefix;
  throw new UserError(`There is no meta graph beside the checkpoint ${word}.`, "The run's folder may hold its graph.");
}

const shownEdges = 12;
/** Letters of a name that are shown; what is between its ends goes. */
const shownLetters = 120;

function printSummary({ nodes, scopes, edges, ops, functions, variables, crossScope }: GraphSummary, odd: readonly GraphOddity[]): string {
  const lines = [
    `${counted(nodes, "operation")}, ${count(edges.data)} data and ${count(edges.control)} control edges, ${counted(variables, "variable")}` +
      `${functions > 0 ? `, ${counted(functions, "function")}` : ""}`,
    ...scopes.flatMap((scope) => tree(scope, 1)),
  ];
  for (const { from, to, tensors } of crossScope.slice(0, shownEdges))
    lines.push(`  ${named(from)} -> ${named(to)}: ${counted(tensors, "tensor")}`);
  if (crossScope.length > shownEdges) lines.push(`  … and ${crossScope.length - shownEdges} more pairs of scopes`);
  const most = Object.entries(ops)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10);
  lines.push(`Most used: ${most.map(([op, times]) => `${named(op)} ${count(times)}`).join(", ")}`, ...odd.map(({ text }) => `Odd: ${visible(text)}`));
  return `${lines.join("\n")}\n`;
}

function tree({ name, nodes, children = [] }: ScopeSummary, level: number): readonly string[] {
  return [`${"  ".repeat(level)}${named(name)} (${count(nodes)})`, ...children.flatMap((child) => tree(child, level + 1))];
}

function counted(amount: number, word: string): string {
  return `${count(amount)} ${word}${amount === 1 ? "" : "s"}`;
}

function named(name: string): string {
  const shown = name.length > shownLetters ? `${name.slice(0, shownLetters / 2)}…${name.slice(-shownLetters / 2)}` : name;
  return visible(shown);
}
