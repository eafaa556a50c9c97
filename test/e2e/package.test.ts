// What ships: the content of the packed extension, file by file, and its size.
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { packageExtension } from "../../scripts/package.mjs";

/** With our own copy of TensorFlow.js, which makes training work where a project has none. */
const maxBytes = 5_000_000;
const maxExtensionBytes = 275_000;

let files: ReadonlyMap<string, number>;
let packedBytes: number;

beforeAll(async () => {
  const packed = process.env["TRAINSCOPE_VSIX"] ?? (await packageExtension()).out;
  const bytes = readFileSync(packed);
  packedBytes = bytes.length;
  files = new Map(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, content.length]));
});

describe("the packed extension", () => {
  test("holds these folders and nothing beside them", () => {
    const shapes = new Set([...files.keys()].map((name) => name.replace(/chunk-\w+/, "chunk-*").replace(/(samples\/\w+)\/\w+\.ts/, "$1/*.ts")));
    expect([...shapes].sort()).toEqual([
      "[Content_Types].xml",
      "extension.vsixmanifest",
      "extension/LICENSE.txt",
      "extension/changelog.md",
      "extension/dist/checkpointFile.js",
      "extension/dist/checkpoints.css",
      "extension/dist/checkpoints.js",
      "extension/dist/chunk-*.mjs",
      "extension/dist/cli.mjs",
      "extension/dist/codicons/codicon.css",
      "extension/dist/codicons/codicon.ttf",
      "extension/dist/compare.js",
      "extension/dist/curves.css",
      "extension/dist/curves.js",
      "extension/dist/extension.cjs",
      "extension/dist/graph.css",
      "extension/dist/graph.js",
      "extension/dist/layoutWorker.js",
      "extension/dist/reader.mjs",
      "extension/dist/runGlyphs.ttf",
      "extension/dist/scriptHooks.mjs",
      "extension/dist/tfjs/chunk-*.mjs",
      "extension/dist/tfjs/tfjs-backend-cpu.mjs",
      "extension/dist/tfjs/tfjs-backend-wasm-simd.wasm",
      "extension/dist/tfjs/tfjs-backend-wasm.mjs",
      "extension/dist/tfjs/tfjs-backend-wasm.wasm",
      "extension/dist/tfjs/tfjs-core.mjs",
      "extension/dist/tfjs/tfjs.mjs",
      "extension/dist/trainer.mjs",
      "extension/dist/trainscope.mjs",
      "extension/media/activity-bar.svg",
      "extension/media/checkpoints-dark.svg",
      "extension/media/checkpoints-light.svg",
      "extension/media/compare-dark.svg",
      "extension/media/compare-light.svg",
      "extension/media/curves-dark.svg",
      "extension/media/curves-light.svg",
      "extension/media/graph-dark.svg",
      "extension/media/graph-light.svg",
      "extension/media/icon.png",
      "extension/media/overview.png",
      "extension/package.json",
      "extension/readme.md",
      "extension/samples/classifier/*.ts",
      "extension/samples/modelFit/train.mjs",
      "extension/samples/pix2pix/*.ts",
      "extension/samples/pix2pix/data/LICENSE.txt",
      "extension/samples/pix2pix/data/digits.bin",
    ]);
  });
  test(`weighs less than ${maxBytes / 1e6} MB`, () => {
    expect(packedBytes).toBeLessThan(maxBytes);
  });
  test(`starts from less than ${maxExtensionBytes / 1e3} kB`, () => {
    expect(files.get("extension/dist/extension.cjs")).toBeLessThan(maxExtensionBytes);
  });
});
