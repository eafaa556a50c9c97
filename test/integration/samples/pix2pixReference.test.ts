// The port of pix2pix against numbers of the original, on each backend that trains here: the conformance runner's own check.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { endAllTracing, decodePng } from "trainscope";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { checkedBackends, checkPix2pix } from "../../conformance/pix2pix/pix2pixCases";
import { Report } from "../../conformance/report";

const fixtures = join(import.meta.dirname, "../../fixtures/pix2pix");

/** All that the check of a whole reference comes to. */
const casesOfReference = 678;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reference-"));
  await writeFile(join(folder, "reference.json"), gunzipSync(await readFile(join(fixtures, "reference.json.gz"))));
  for (const file of ["model-40.index", "model-40.data-00000-of-00001"]) await copyFile(join(fixtures, file), join(folder, file));
  await writePair(folder);
});

afterAll(async () => {
  endAllTracing();
  await rm(folder, { recursive: true, force: true });
});

/** The left half of the picture is the input, the right half the target; both as the program feeds them, in [-1, 1]. */
async function writePair(dir: string): Promise<void> {
  const { width, height, bytes } = decodePng(await readFile(join(fixtures, "pair.png")));
  for (const [half, file] of ["input.f32", "target.f32"].entries()) {
    const values = new Float32Array(height * height * 3);
    for (let i = 0; i < values.length; i++) {
      const [row, at] = [Math.floor(i / (height * 3)), i % (height * 3)];
      values[i] = Math.fround((bytes[(row * width + half * height) * 3 + at] ?? 0) * Math.fround(1 / 255)) * 2 - 1;
    }
    await writeFile(join(dir, file), new Uint8Array(values.buffer));
  }
}

async function linesOf(path: string, options: Parameters<typeof checkPix2pix>[2]): Promise<{ lines: string[]; report: Report }> {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  await checkPix2pix(path, report, options);
  return { lines, report };
}

test.for(checkedBackends)(
  "on %s outputs, losses, both gradients of a real step at two rates, and all variables after 1 and 5 steps are the original's",
  async (backend, { skip }) => {
    const refused = await chooseBackend(backend, { resolveFrom: import.meta.filename }).then(() => undefined, String);
    skip(refused !== undefined, refused);
    const { lines, report } = await linesOf(folder, { backends: [backend] });
    expect(lines).toEqual([]);
    expect(report.passed).toBe(casesOfReference);
  },
);

test("a number that differs is told with what was expected and what came", async () => {
  const wrong = join(folder, "wrong");
  await mkdir(wrong);
  const text = await readFile(join(folder, "reference.json"), "utf8");
  const reference = JSON.parse(text) as { runs: object; forward: { losses: { discrim_loss: number } } };
  reference.forward.losses.discrim_loss *= 1.001;
  await writeFile(join(wrong, "reference.json"), JSON.stringify({ ...reference, runs: {} }));
  const { lines } = await linesOf(wrong, { backends: ["wasm"] });
  expect(lines).toEqual([expect.stringMatching(/^FAIL wrong on wasm: discrim_loss: loss \(relative tolerance 0\.00002\): expected 1\.30[\d]+, got 1\.30/)]);
});

test("a folder whose checkpoint is nowhere near says how to name it", async () => {
  const lost = await mkdtemp(join(tmpdir(), "lost-"));
  const alone = join(lost, "parent", "alone");
  await mkdir(alone, { recursive: true });
  for (const file of ["reference.json", "input.f32", "target.f32"]) await copyFile(join(folder, file), join(alone, file));
  const { report, lines } = await linesOf(alone, { backends: ["wasm"] });
  report.finish();
  await rm(lost, { recursive: true });
  expect(lines.join()).toContain("name it with --checkpoint PREFIX");
});
