// That an editor tells what everything is that a training script imports: each name of the public list and each member of it has a doc comment.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const folder = "src/runtime";
const parse = (file: string) => ts.createSourceFile(file, readFileSync(join(folder, file), "utf8"), ts.ScriptTarget.Latest, true);
const isDocumented = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).length > 0;

/** The exported names by the file that declares them. */
function publicNames(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const statement of parse("index.ts").statements) {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) continue;
    const file = `${(statement.moduleSpecifier as ts.StringLiteral).text.slice("./".length)}.ts`;
    names.set(file, new Set([...(names.get(file) ?? []), ...statement.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)]));
  }
  return names;
}

/** Not offered, or documented where it is first declared. */
const hidden: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.OverrideKeyword]);

/** What an editor offers behind a dot, with the properties that a constructor's parameters make. */
function membersOf(declaration: ts.Statement): ts.NamedDeclaration[] {
  if (ts.isInterfaceDeclaration(declaration)) return [...declaration.members];
  if (!ts.isClassDeclaration(declaration)) return [];
  const isOwn = (node: ts.Node) => !ts.canHaveModifiers(node) || !ts.getModifiers(node)?.some(({ kind }) => hidden.has(kind));
  const members = declaration.members.flatMap((member): ts.NamedDeclaration[] =>
    ts.isConstructorDeclaration(member) ? member.parameters.filter((parameter) => ts.getModifiers(parameter)?.length) : [member]);
  return members.filter((member) => isOwn(member) && member.name !== undefined && !ts.isPrivateIdentifier(member.name));
}

/** Overloads are documented by their first one. */
function undocumented(nodes: readonly { readonly name: string; readonly node: ts.Node }[]): string[] {
  const told = new Set(nodes.filter(({ node }) => isDocumented(node)).map(({ name }) => name));
  return [...new Set(nodes.map(({ name }) => name))].filter((name) => !told.has(name));
}

test("each public name and each of its members has a doc comment", () => {
  const bare = [...publicNames()].flatMap(([file, names]) => {
    const declarations = parse(file).statements.flatMap((statement) => {
      const found = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement as ts.DeclarationStatement];
      return found.map((each) => ({ name: each.name?.getText() ?? "", node: statement }));
    }).filter(({ name }) => names.has(name));
    const members = declarations.flatMap(({ name, node }) => membersOf(node).map((member) => ({ name: `${name}.${member.name?.getText() ?? ""}`, node: member })));
    return undocumented([...declarations, ...members]);
  });
  expect(bare).toEqual([]);
});
