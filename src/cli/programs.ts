// Where our other programs are: beside this one in dist/.
import { fileURLToPath } from "node:url";

/** Absolute path of dist/trainer.mjs. */
export const trainerProgram = fileURLToPath(new URL("./trainer.mjs", import.meta.url));
