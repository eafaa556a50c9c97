// Main program of a trainer: takes the start its host left in the environment, then trains.
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { parseTrainerStart, trainerStartVariable, type TrainerStart } from "#protocol/trainerStart";
import type { ScriptHooksData } from "./scriptHooks";

const start = takeStart();
if (start) {
  const dist = new URL("./", import.meta.url).href;
  const data: ScriptHooksData = { script: pathToFileURL(start.script).href, dist };
  register(new URL("scriptHooks.mjs", dist), { data });
  // Only now, so that whatever imports TensorFlow.js from here on gets the copy that the script gets.
  const { runTraining } = await import("./runTraining");
  process.exit(await runTraining(start));
}

/** The variable is removed: neither the script nor the programs it starts learn the token. */
function takeStart(): TrainerStart | undefined {
  const text = process.env[trainerStartVariable];
  delete process.env[trainerStartVariable];
  try {
    return parseTrainerStart(text ?? "");
  } catch (error) {
    console.error(`A trainer is started by Trainscope, not by hand: ${trainerStartVariable} does not hold a start. (${String(error)})`);
    process.exitCode = 2;
    return undefined;
  }
}
