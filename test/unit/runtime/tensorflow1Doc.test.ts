// docs/tensorflow1.md and the library agree: every export is in a table, and every name in a table's second column exists.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const rows = readFileSync(join(root, "docs/tensorflow1.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (TensorFlow 1|of) /.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

function exported(): string[] {
  const path = join(root, "src/runtime/index.ts");
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) return [];
    return statement.exportClause.elements.map(({ name }) => name.text);
  });
}

/** The names at the start of what stands between backticks. */
function words(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`([A-Za-z_]\w*)[^`]*`/g)].map(([, word]) => word ?? "");
}

/** All names between backticks. */
function identifiers(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, text]) => text?.match(/[A-Za-z_]\w*/g) ?? []);
}

test("every export of the library is in a table", () => {
  const told = new Set(rows.flatMap((row) => row.flatMap(identifiers)));
  expect(exported().filter((name) => !told.has(name))).toEqual([]);
});

test("every name that a table gives is exported, or a part of what is", () => {
  const known = new Set(exported());
  const parts = new Set(["tf", "graph", "customGetter", "summary", "open", "within"]);
  expect(rows.flatMap((row) => words(row[2])).filter((name) => !known.has(name) && !parts.has(name))).toEqual([]);
});
