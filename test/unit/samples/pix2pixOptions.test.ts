// The options of the pix2pix sample, printed and kept as the original prints and keeps them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { announceOptions, parseOptions } from "../../../samples/pix2pix/options";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
beforeEach(() => void vi.spyOn(console, "log").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

function kept(args: string): string {
  announceOptions(parseOptions(args.split(" "), temporary.root));
  return readFileSync(join(temporary.root, "options.json"), "utf8");
}

test("options.json is what the original wrote for the same command line, but for the two names that are ours", () => {
  const text = kept(
    "--input_dir data/train --mode train --checkpoint logdir-small --max_steps 60 --summary_freq 20 --progress_freq 20 --display_freq 50 --save_freq 50 --ngf 4 --ndf 4 --size 256 --flip --seed 7 --lr 0.0002",
  );
  const own = new RegExp(`^ {4}"(size|scalar_freq)": \\d+,\\n`, "gm");
  // Written by the original's Python; its folder is the test's own here.
  expect(text.replace(own, "").replace(JSON.stringify(temporary.root), '"logdir-small"')).toBe(`{
    "aspect_ratio": 1.0,
    "batch_size": 1,
    "beta1": 0.5,
    "checkpoint": "logdir-small",
    "display_freq": 50,
    "flip": true,
    "gan_weight": 1.0,
    "input_dir": "data/train",
    "l1_weight": 100.0,
    "lab_colorization": false,
    "lr": 0.0002,
    "max_epochs": null,
    "max_steps": 60,
    "mode": "train",
    "ndf": 4,
    "ngf": 4,
    "output_dir": "logdir-small",
    "output_filetype": "png",
    "progress_freq": 20,
    "save_freq": 50,
    "scale_size": 286,
    "seed": 7,
    "separable_conv": false,
    "summary_freq": 20,
    "trace_freq": 0,
    "which_direction": "AtoB"
}`);
});

test.each([
  ["0.00001", "1e-05"],
  ["1e-10", "1e-10"],
  ["0.00015", "0.00015"],
  ["2", "2.0"],
  ["1.5e16", "1.5e+16"],
])("a rate of %s is kept as Python writes it", (given, written) => {
  expect(kept(`--lr ${given}`)).toContain(`"lr": ${written},`);
});

test("letters beyond ASCII are escapes, as in Python's json", () => {
  const text = kept("--input_dir données");
  expect(text).toContain(String.raw`"input_dir": "donn\u00e9es"`);
  expect(JSON.parse(text)).toMatchObject({ input_dir: "données" });
});
