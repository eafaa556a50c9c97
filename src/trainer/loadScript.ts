// A training script as a function: its module, and the `main` it exports.
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf, UserError } from "#base/errors";
import { hasTrainedByItself } from "#runtime/index";

/** The function a script exports. */
export type ScriptMain = (context: object) => unknown;

/**
 * Imports a script and finds its main; undefined where it has none because it trained while it was loaded, with the callback
 * `trainscope` or into `runFolder()`. Throws UserError when there is neither; errors of the script's own pass unchanged.
 */
export async function loadScript(script: string): Promise<ScriptMain | undefined> {
  const module: unknown = await import(pathToFileURL(script).href).catch((error: unknown) => {
    throw notFoundItself(error, script) ? new UserError(`There is no script ${script}.`) : error;
  });
  const main = mainOf(module);
  if (main) return main;
  if (hasTrainedByItself()) return undefined;
  throw new UserError(
    `${basename(script)} exports no main function.`,
    "Write: export default async function main({ args, logdir }) { … }",
  );
}

function mainOf(module: unknown): ScriptMain | undefined {
  const { default: byDefault, main } = (module ?? {}) as { default?: unknown; main?: unknown };
  // A CommonJS script's exports arrive as the default export.
  const inner = (typeof byDefault === "object" && byDefault !== null ? byDefault : {}) as {
    default?: unknown;
    main?: unknown;
  };
  return [byDefault, main, inner.default, inner.main].find((value): value is ScriptMain => typeof value === "function");
}

function notFoundItself(error: unknown, script: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    messageOf(error).includes(`'${script}'`)
  );
}
