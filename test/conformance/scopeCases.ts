// Programs of names, scopes and variables: what each statement made, the whole graph, collections and errors.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beginTracing, endAllTracing, resetDefaultGraph } from "#runtime/index";
import { expectedOf, outcomeOf } from "../unit/runtime/scope/scopeProgram";
import { impossibleIn, parsePrograms, type Program } from "../unit/runtime/scope/scopeWords";
import { namesIn } from "./folders";
import { same, type Report } from "./report";

export async function checkScopes(folder: string, report: Report): Promise<void> {
  await tf.setBackend("cpu");
  for (const file of (await namesIn(folder)).filter((name) => name.endsWith(".json") && name !== "expected.json")) {
    for (const program of parsePrograms(await readFile(join(folder, file), "utf8"))) {
      const impossible = impossibleIn(program.program);
      if (impossible !== undefined) report.skip(impossible);
      else await report.check(`scopes/${program.id}`, () => checkProgram(program));
    }
  }
}

function checkProgram(program: Program): void {
  resetDefaultGraph();
  beginTracing();
  try {
    same("", outcomeOf(program), expectedOf(program));
  } finally {
    endAllTracing();
  }
}
