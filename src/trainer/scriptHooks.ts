// How a training script is found and read: TypeScript with its line numbers kept, our library by name, one TensorFlow.js.
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transform } from "sucrase";

/** What the hooks must know, handed over as they are registered. All are URLs. */
export interface ScriptHooksData {
  readonly script: string;
  /** Folder of our programs, with a trailing slash. */
  readonly dist: string;
}

/** Modules of TensorFlow.js of which we bring a copy, in dist/tfjs/. */
const bundled = new Set(["tfjs", "tfjs-core", "tfjs-backend-cpu", "tfjs-backend-wasm"]);

let data: ScriptHooksData | undefined;

/** Called by Node on its loader thread. */
export function initialize(given: ScriptHooksData): void {
  data = given;
}

/** `trainscope` is our library; TensorFlow.js is the script's own copy, or ours where it has none. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (!data) throw new Error("the hooks were registered without data");
  if (specifier === "trainscope") return { url: new URL("trainscope.mjs", data.dist).href, shortCircuit: true };
  const tfjs = /^@tensorflow\/(tfjs(?:-[a-z-]+)?)$/.exec(specifier)?.[1];
  if (tfjs) {
    const ours = context.parentURL?.startsWith(data.dist) ?? true;
    const from = (parentURL: string | undefined) => found(() => next(specifier, { ...context, parentURL }));
    const own = await from(ours ? data.script : context.parentURL);
    if (own) return own;
    // A strict package manager lets a script see only what it asked for; the core then lies beside the whole.
    const whole = await found(() => next("@tensorflow/tfjs", { ...context, parentURL: data?.script }));
    const beside = whole && (await from(whole.url));
    if (beside || !bundled.has(tfjs)) return beside ?? next(specifier, context);
    return { url: new URL(`tfjs/${tfjs}.mjs`, data.dist).href, shortCircuit: true };
  }
  if (!specifier.startsWith(".") || !/\.m?ts$/.test(context.parentURL ?? "")) return next(specifier, context);
  for (const spelling of typeScriptSpellings(specifier)) {
    const hit = await found(() => next(spelling, context));
    if (hit) return hit;
  }
  return next(specifier, context);
};

/** Types are taken out of `.ts` and `.mts`; every statement keeps its line. */
export const load: LoadHook = async (url, context, next) => {
  if (!/^file:.*\.m?ts$/.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  const { code } = transform(await readFile(path, "utf8"), {
    transforms: ["typescript"],
    filePath: path,
    disableESTransforms: true,
    preserveDynamicImport: true,
  });
  return { format: "module", source: code, shortCircuit: true };
};

/** The files that a TypeScript program may mean by a relative import, as its compiler would look for them. */
function typeScriptSpellings(specifier: string): readonly string[] {
  if (specifier.endsWith(".js")) return [specifier.replace(/\.js$/, ".ts"), specifier];
  if (specifier.endsWith(".mjs")) return [specifier.replace(/\.mjs$/, ".mts"), specifier];
  return [specifier, `${specifier}.ts`, `${specifier}.js`, `${specifier}/index.ts`];
}

async function found<T>(look: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_UNSUPPORTED_DIR_IMPORT") return undefined;
    throw error;
  }
}
