// The project's own source files, parsed once for the architecture tests.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";
import { layers, type Layer } from "./layers";

export const root = join(import.meta.dirname, "..", "..");

export interface Source {
  /** Path below the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly syntax: ts.SourceFile;
  readonly layer: Layer | undefined;
}

/** All TypeScript files below `src` and `webview`. */
export function sources(): readonly Source[] {
  return ["src", "webview"].flatMap(filesBelow).map((file) => {
    const path = relative(root, file).split(sep).join("/");
    const text = readFileSync(file, "utf8");
    const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return { path, text, syntax, layer: layers.find(({ folder }) => path.startsWith(`${folder}/`)) };
  });
}

/** Everything a file imports or exports from elsewhere, also dynamically and as a type. */
export function importsOf({ syntax }: Source): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) found.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments;
      if (target && ts.isStringLiteral(target)) found.push(target.text);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      found.push(node.argument.literal.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}
