// A person's project with Trainscope installed as npm would: its package copied in, TensorFlow.js beside it.
import { access, copyFile, cp, mkdir, symlink } from "node:fs/promises";
import { extname, join } from "node:path";
import { dist } from "../../scripts/ensureBuilt.mjs";

const root = join(import.meta.dirname, "../..");

/** The folder whose `node_modules` has tfjs-node with its native part: named by the environment, else this project. */
const nativeRoot = process.env["TRAINSCOPE_TFJS_NODE"] ?? root;

/** Why tfjs-node cannot be used here; undefined where it can. */
export async function whyNoNative(): Promise<string | undefined> {
  const addon = join(nativeRoot, "node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node");
  return access(addon).then(() => undefined, () => `@tensorflow/tfjs-node with its native part is not in ${nativeRoot}/node_modules; TRAINSCOPE_TFJS_NODE names a folder that has it`);
}

/** Makes the project at `dir` with a script of the given file; `native` takes TensorFlow.js from where tfjs-node is. Answers with the script's path. */
export async function makeProject(dir: string, script: string, { native = false } = {}): Promise<string> {
  const modules = join(dir, "node_modules");
  await mkdir(join(modules, "trainscope"), { recursive: true });
  await copyFile(join(root, "package.json"), join(modules, "trainscope/package.json"));
  await cp(dist, join(modules, "trainscope/dist"), { recursive: true });
  await cp(join(root, "types"), join(modules, "trainscope/types"), { recursive: true });
  await symlink(join(native ? nativeRoot : root, "node_modules/@tensorflow"), join(modules, "@tensorflow"), "dir");
  const own = join(dir, `train${extname(script)}`);
  await copyFile(script, own);
  return own;
}
