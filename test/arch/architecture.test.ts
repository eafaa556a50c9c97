import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { budgets, documented } from "./layers";
import { importsOf, sources, type Source } from "./sources";

const all = sources();

describe("imports", () => {
  test("every file lies in a layer", () => {
    expect(all.filter(({ layer }) => !layer).map(({ path }) => path)).toEqual([]);
  });
  test("a layer imports only the layers and packages of its row in the table", () => {
    expect(all.flatMap((source) => importsOf(source).filter((target) => !allowed(source, target)).map((target) => `${source.path} -> ${target}`)))
      .toEqual([]);
  });
  test("there are no cycles between files", () => {
    expect(cycles()).toEqual([]);
  });
  test("one module each speaks to the toolkit and to the editor", () => {
    const importers = (name: string) => all.filter((source) => importsOf(source).includes(name)).map(({ path }) => path);
    expect(importers("@vscode/webview-ui-toolkit")).toEqual(["webview/kit/ui.ts"]);
    expect(importers("vscode").every((path) => path.startsWith("src/extension/"))).toBe(true);
  });
});

describe("budgets", () => {
  test(`no file has more than ${budgets.fileLines} lines`, () => {
    expect(all.filter(({ text }) => text.split("\n").length > budgets.fileLines).map(({ path }) => path)).toEqual([]);
  });
  test(`no function has more than ${budgets.functionLines} lines`, () => {
    expect(all.flatMap(longFunctions)).toEqual([]);
  });
  test("the extension's main only wires", () => {
    const main = all.find(({ path }) => path === "src/extension/main.ts");
    expect(main?.text.split("\n").length).toBeLessThanOrEqual(120);
  });
  test("names say what they hold", () => {
    const vague = /(^|\/)(utils?|helpers?|managers?|common|misc|types|index)\.ts$/;
    expect(all.map(({ path }) => path).filter((path) => vague.test(path) && path !== "src/runtime/index.ts")).toEqual([]);
  });
  test("every file begins by saying what it knows", () => {
    expect(all.filter(({ text }) => !/^(#!.*\n)?(\/\/ |\/\*\* ?)\S/.test(text)).map(({ path }) => path)).toEqual([]);
  });
  test("exports of the shared layers carry doc comments", () => {
    const exported = all.filter(({ layer }) => layer && documented.includes(layer.name)).flatMap(exportsOf);
    const bare = exported.filter(({ hasDoc }) => !hasDoc);
    expect(bare.length / exported.length, bare.map(({ name }) => name).join("\n")).toBeLessThan(1 - budgets.documentedShare);
  });
});

function allowed({ layer, path }: Source, target: string): boolean {
  if (!layer) return false;
  if (target.startsWith(".")) return posix.join(posix.dirname(path), target).startsWith(`${layer.folder}/`);
  if (target.startsWith("#")) {
    const name = target.slice(1).split("/")[0] ?? "";
    return name === layer.name ? false : layer.layers.includes(name);
  }
  return layer.packages.some((allowedName) => matches(allowedName, target));
}

function matches(allowedName: string, target: string): boolean {
  if (allowedName === "node:") return target.startsWith("node:");
  if (allowedName.endsWith("/*")) return target.startsWith(allowedName.slice(0, -1));
  return target === allowedName || target.startsWith(`${allowedName}/`);
}

function cycles(): string[] {
  const edges = new Map(all.map((source) => [source.path, valueImports(source)]));
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") return void found.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
    state.set(path, "open");
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** Files imported for their values; imports of types alone vanish when compiled and cannot form a cycle at run time. */
function valueImports({ syntax, path }: Source): string[] {
  const targets = syntax.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier) || onlyTypes(statement)) return [];
    return [specifier.text];
  });
  return targets.flatMap((target) => {
    if (target.startsWith(".")) return [`${posix.join(posix.dirname(path), target)}.ts`];
    if (!target.startsWith("#")) return [];
    return [`${target.startsWith("#kit/") ? "webview" : "src"}/${target.slice(1)}.ts`];
  });
}

function onlyTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause || clause.isTypeOnly) return clause !== undefined;
  const named = clause.namedBindings;
  return !clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function longFunctions({ syntax, path }: Source): string[] {
  const found: string[] = [];
  const lineOf = (position: number) => syntax.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
      if (lines > budgets.functionLines) found.push(`${path}:${lineOf(node.getStart()) + 1} has ${lines} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

function exportsOf({ syntax, path }: Source): { name: string; hasDoc: boolean }[] {
  return syntax.statements
    .filter((statement) => ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map((statement) => ({
      name: `${path}: ${statement.getText().split("\n")[0] ?? ""}`,
      hasDoc: (ts.getLeadingCommentRanges(syntax.text, statement.getFullStart()) ?? []).some(({ pos }) => syntax.text.startsWith("/**", pos)),
    }));
}
