// trainscope diff: how two checkpoints differ, variable by variable.
import type { CheckpointDifference } from "#model/checkpointLook";
import type { ReaderAsks } from "#protocol/readerApi";
import { count, printJson, table, value, visible, type Terminal } from "../output";
import { prefixNamed, printedPath } from "../paths";
import { patiently } from "../patience";

/** Prints the difference from the first to the second. */
export async function diff(
  words: { readonly from: string; readonly to: string },
  { json }: { readonly json?: boolean },
  { reader, terminal }: { readonly reader: ReaderAsks; readonly terminal: Terminal },
): Promise<number> {
  const [from, to] = [await prefixNamed(words.from), await prefixNamed(words.to)];
  const found = await patiently("Comparing", reader.difference({ from, to }));
  const names = { from: printedPath(process.cwd(), from), to: printedPath(process.cwd(), to) };
  if (json) terminal.out(`${printJson(diffJson(names, found))}\n`);
  else terminal.out(printDiff(names, found));
  return 0;
}

interface Names {
  readonly from: string;
  readonly to: string;
}

function diffJson({ from, to }: Names, { equal, added, removed, reshaped, changed, scopes, problems }: CheckpointDifference): object {
  return {
    from,
    to,
    equal,
    added,
    removed,
    reshaped,
    changed: changed.map(({ name, relative, nonFinite, count: values }) => ({ name, relative, nonFinite, values })),
    scopes: scopes.map(({ scope, relative, changed: changes, variables, nonFinite }) => ({
      scope,
      relative,
      changed: changes,
      variables,
      nonFinite,
    })),
    problems,
  };
}

function printDiff({ from, to }: Names, { equal, added, removed, reshaped, changed, problems }: CheckpointDifference): string {
  const head = `From ${visible(from)} to ${visible(to)}: ${count(equal)} variables equal, ${count(changed.length)} changed\n`;
  const shape = (one: { readonly dtype: string; readonly shape: readonly number[] }): string => `${one.dtype} [${one.shape.join(", ")}]`;
  const rows = [
    ...removed.map((name) => [name, "removed", ""]),
    ...added.map((name) => [name, "added", ""]),
    ...reshaped.map(({ name, from: before, to: after }) => [name, `${shape(before)} is ${shape(after)}`, ""]),
    ...changed.map(({ name, relative, nonFinite }) => [name, nonFinite > 0 ? `${count(nonFinite)} not finite` : "changed", percent(relative)]),
  ];
  const shown = rows.length === 0 ? "" : table(["VARIABLE", "WHAT", "BY"], rows);
  return `${head}${shown}${problems.map((problem) => `! ${problem}\n`).join("")}`;
}

function percent(relative: number): string {
  return Number.isFinite(relative) ? `${value(100 * relative)} %` : "";
}
