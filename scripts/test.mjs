// npm test: sets up, then runs every check of this repository: node scripts/test.mjs [unit] [integration] [e2e] [types] [lint]
import { mkdir, readFile, rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { runShown } from "./processes.mjs";
import { ensureInstalled, root } from "./setUp.mjs";

const output = join(root, "test-output");
const bin = (name, file) => join(root, "node_modules", name, file);

/** A stage's counts, with the names of what failed, and of what failed only at first. @typedef {{ passed: number, failed: number, skipped: number, failures: string[], atFirst?: string[] }} Counts */

/** More broken files than this are not chance: they are not run again. */
const chanceFiles = 3;

const stages = {
  types: () => check("the types agree", bin("typescript", "bin/tsc"), ["-b"]),
  lint: () => check("the linter has nothing to say", bin("eslint", "bin/eslint.js"), [".", "--cache", "--cache-location", ".cache/eslint"]),
  unit: () => vitest("unit"),
  integration: () => vitest("integration"),
  e2e: () => vitest("e2e"),
};

/** One check that passes or fails as a whole; its own output says what is wrong. */
async function check(name, program, args) {
  const code = await runShown(process.execPath, [program, ...args], { cwd: root });
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : { passed: 0, failed: 1, skipped: 0, failures: [name] };
}

/**
 * A project of vitest.config.ts. Its report as JSON is what is counted. Tests with real processes and windows share the machine with
 * others, so a few files that failed are run once more; what passes only then is named in the summary, for it is a defect of the test.
 */
async function vitest(project) {
  const first = await runOfVitest(project, []);
  const again = first.broken.length > 0 && first.broken.length <= chanceFiles ? await runOfVitest(project, first.broken) : undefined;
  if (!again) return countsOf(first);
  const kept = { ...first, files: [...first.files.filter((file) => !first.broken.includes(file.name)), ...again.files], code: again.code };
  const counts = countsOf(kept);
  return { ...counts, atFirst: countsOf(first).failures.filter((failure) => !counts.failures.includes(failure)) };
}

async function runOfVitest(project, files) {
  const report = join(output, `${project}.json`);
  await rm(report, { force: true });
  const args = [bin("vitest", "vitest.mjs"), "run", "--project", project, "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...files];
  const env = { ...process.env, TRAINSCOPE_VSIX: join(root, ".cache", "trainscope.vsix") };
  if (files.length > 0) console.log(`\n== ${project}, once more: ${files.map(shortName).join(", ")}`);
  const code = await runShown(process.execPath, args, { cwd: root, env });
  const result = await readFile(report, "utf8").then(JSON.parse, () => undefined);
  const reported = result?.testResults ?? [];
  return { project, code, read: result !== undefined, files: reported, broken: reported.filter(({ status }) => status === "failed").map(({ name }) => name) };
}

function countsOf({ project, code, read, files }) {
  if (!read) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, failures: code === 0 ? [] : [`${project}: vitest ended with ${code}`] };
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const failures = tests.filter(({ status }) => status === "failed").map((test) => `${shortName(test.file)}: ${test.fullName}`);
  // A file that does not load, or a hook that fails, has no failed test of its own.
  const broken = files.filter((file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"));
  failures.push(...broken.map((file) => `${shortName(file.name)}: ${(file.message ?? "").split("\n")[0] || "did not run"}`));
  if (code !== 0 && failures.length === 0) failures.push(`${project}: vitest ended with ${code}`);
  const count = (status) => tests.filter((test) => test.status === status).length;
  return { passed: count("passed"), failed: failures.length, skipped: tests.length - count("passed") - count("failed"), failures };
}

function shortName(file) {
  return file.slice(root.length + 1);
}

async function prepare(chosen) {
  await ensureInstalled(console.log);
  await mkdir(output, { recursive: true });
  const { makeDigits } = await import("./digits.mjs");
  await makeDigits();
  if (!chosen.some((name) => name === "unit" || name === "integration" || name === "e2e")) return;
  const { packageExtension } = await import("./package.mjs");
  console.log("Building and packing the extension");
  await packageExtension();
}

async function main() {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in stages));
  if (unknown.length > 0) throw new Error(`There is no stage ${unknown.join(", ")}; there are ${Object.keys(stages).join(", ")}.`);
  const chosen = Object.keys(stages).filter((name) => asked.length === 0 || asked.includes(name));
  const started = performance.now();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  console.log(`Trainscope's checks on Node ${process.versions.node}, ${cpus().length} cores`);
  await prepare(chosen);
  for (const name of chosen) {
    console.log(`\n== ${name}`);
    const begun = performance.now();
    const counts = await stages[name]();
    for (const key of ["passed", "failed", "skipped"]) total[key] += counts[key];
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    lines.push(`${name.padEnd(12)} ${summary(counts)} in ${seconds} s`, ...counts.failures.map((failure) => `    failed: ${failure}`),
      ...(counts.atFirst ?? []).map((failure) => `    passed only when run again: ${failure}`));
  }
  console.log(`\n== summary, ${((performance.now() - started) / 1000).toFixed(0)} s\n${lines.join("\n")}\n`);
  return total;
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const total = await main().catch((error) => {
  console.error(`\nThe checks could not be run: ${error.message}\n`);
  return { passed: 0, failed: 1, skipped: 0 };
});
console.log(summary(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
