// A process that saves without end until it is killed: prefixes with steps under retention, and one prefix again and again.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { buildGraph, getVariable, Saver, Session } from "#runtime/index";

const [dir = "."] = process.argv.slice(2);
const values = 200_000;

async function main(): Promise<void> {
  await tf.setBackend("cpu");
  const { variables, saver, overwriting } = buildGraph(() => ({
    variables: ["a", "b", "c"].map((name) => getVariable(name, { initializer: tf.zeros([values]) })),
    saver: new Saver({ maxToKeep: 2 }),
    overwriting: new Saver({ maxToKeep: 1, name: "overwriting" }),
  }));
  const session = new Session();
  for (let step = 1; ; step++) {
    for (const variable of variables) session.assignVariable(variable, new Float32Array(values).fill(step), [values]);
    await saver.save(session, join(dir, "m"), { globalStep: step });
    await overwriting.save(session, join(dir, "same"), { latestFilename: "same.state", writeMetaGraph: false });
    process.stdout.write(`${step}\n`);
  }
}

await main();
