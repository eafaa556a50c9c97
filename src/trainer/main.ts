// Main program of a trainer: takes what its host left in the environment, then trains, or tries a backend.
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { backendProbeVariable, parseBackendProbeRequest } from "#protocol/backendProbe";
import { parseTrainerStart, trainerStartVariable } from "#protocol/trainerStart";
import type { ScriptHooksData } from "./scriptHooks";

const probe = take(backendProbeVariable, parseBackendProbeRequest);
const start = probe ? undefined : take(trainerStartVariable, parseTrainerStart);

// What imports TensorFlow.js is loaded only after the hooks are there: it gets the copy that the script gets.
if (probe) {
  hook(probe.resolveFrom);
  const { probeBackend } = await import("./probeBackend");
  await probeBackend(probe);
  process.exit(0);
} else if (start) {
  hook(start.script);
  const { runTraining } = await import("./runTraining");
  process.exit(await runTraining(start));
} else {
  console.error(`A trainer is started by Trainscope, not by hand: ${trainerStartVariable} holds no start.`);
  process.exitCode = 2;
}

function hook(script: string): void {
  const dist = new URL("./", import.meta.url).href;
  const data: ScriptHooksData = { script: pathToFileURL(script).href, dist };
  register(new URL("scriptHooks.mjs", dist), { data });
}

/** The variable is removed: neither the script nor the programs it starts learn the token. */
function take<T>(variable: string, parse: (text: string) => T): T | undefined {
  const text = process.env[variable];
  delete process.env[variable];
  return text === undefined ? undefined : parse(text);
}
