// The library's declarations as a user's compiler reads them: types/, a file for each of ours that the public list leads to.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

/** @type {ts.CompilerOptions} */
const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, declaration: true, strict: true };

/**
 * Writes the declarations of `entry` and of all that they mention: `src/runtime/x.ts` becomes `<out>/runtime/x.d.ts`, and
 * imports become relative ones that every way of resolving modules finds. What is as new as its source stays. Answers with
 * all files.
 * @param {{ root: string, entry: string, out: string }} places
 * @returns {Promise<string[]>}
 */
export async function writeTypes({ root, entry, out }) {
  const sources = join(root, "src");
  const targetOf = (/** @type {string} */ source) => join(out, relative(sources, source).replace(/\.ts$/, ".d.ts"));
  /** @type {Map<string, string>} */
  const written = new Map();
  const waiting = [entry];
  for (let source = waiting.pop(); source; source = waiting.pop()) {
    if (written.has(source)) continue;
    const target = targetOf(source);
    written.set(source, target);
    const text = (await upToDate(source, target)) ?? (await writeDeclarations(source, { sources, target, targetOf }));
    for (const [, specifier = ""] of text.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) {
      waiting.push(join(sources, relative(out, join(dirname(target), `${specifier}.ts`))));
    }
  }
  return [...written.values()];
}

/** What was written for a source since its last change. */
async function upToDate(source, target) {
  const [from, to] = await Promise.all([source, target].map((file) => stat(file).catch(() => undefined)));
  return from && to && to.mtimeMs >= from.mtimeMs ? readFile(target, "utf8") : undefined;
}

async function writeDeclarations(source, { sources, target, targetOf }) {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(await readFile(source, "utf8"), { fileName: source, reportDiagnostics: true, compilerOptions });
  const [problem] = diagnostics;
  if (problem) throw new Error(`${source}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")} Say its type: the library's declarations are made file by file.`);
  const text = outputText.replace(/((?:from |import\()")([.#][^"]*)"/g, (_, before, specifier) => {
    const meant = specifier.startsWith("#") ? join(sources, specifier.slice(1)) : join(dirname(source), specifier);
    const path = relative(dirname(target), targetOf(`${meant}.ts`)).replace(/\.d\.ts$/, ".js").split(sep).join("/");
    return `${before}${path.startsWith(".") ? path : `./${path}`}"`;
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
  return text;
}
