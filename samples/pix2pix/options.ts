// The command line of the program, as the original takes it, and its options.json.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** All options, by the original's names. `size` and `scalar_freq` are ours. */
export interface Options {
  readonly input_dir: string | null;
  readonly mode: "train" | "test" | "export";
  readonly output_dir: string;
  readonly seed: number;
  readonly checkpoint: string | null;
  readonly max_steps: number | null;
  readonly max_epochs: number | null;
  readonly summary_freq: number;
  readonly scalar_freq: number;
  readonly progress_freq: number;
  readonly trace_freq: number;
  readonly display_freq: number;
  readonly save_freq: number;
  readonly separable_conv: boolean;
  readonly aspect_ratio: number;
  readonly lab_colorization: boolean;
  readonly batch_size: number;
  readonly which_direction: "AtoB" | "BtoA";
  readonly ngf: number;
  readonly ndf: number;
  readonly size: number;
  readonly scale_size: number;
  readonly flip: boolean;
  readonly lr: number;
  readonly beta1: number;
  readonly l1_weight: number;
  readonly gan_weight: number;
  readonly output_filetype: "png" | "jpeg";
}

/**
 * Where these differ from the original's defaults: it has size 256, ngf and ndf 64, lr 0.0002, no max_steps, summary_freq
 * 100, display_freq 0, save_freq 5000 and flips its images. Ours let two processor cores show a result within two minutes;
 * digits must not be mirrored. Scalars are recorded more often than pictures and histograms, which fill the disk.
 */
function defaults(logdir: string): Options {
  return {
    input_dir: null,
    mode: "train",
    output_dir: logdir,
    seed: Math.floor(Math.random() * 2 ** 31),
    checkpoint: null,
    max_steps: 20_000,
    max_epochs: null,
    summary_freq: 500,
    scalar_freq: 10,
    progress_freq: 50,
    trace_freq: 0,
    display_freq: 250,
    save_freq: 500,
    separable_conv: false,
    aspect_ratio: 1,
    lab_colorization: false,
    batch_size: 1,
    which_direction: "AtoB",
    ngf: 8,
    ndf: 8,
    size: 64,
    scale_size: 0,
    flip: false,
    lr: 0.0005,
    beta1: 0.5,
    l1_weight: 100,
    gan_weight: 1,
    output_filetype: "png",
  };
}

const choices: Readonly<Record<string, readonly string[]>> = {
  mode: ["train", "test", "export"],
  which_direction: ["AtoB", "BtoA"],
  output_filetype: ["png", "jpeg"],
};

const texts = new Set(["input_dir", "output_dir", "checkpoint"]);

/** Reads `--name value`, `--name=value`, `--flag` and `--no_flag`. */
export function parseOptions(args: readonly string[], logdir: string): Options {
  const options: Record<string, unknown> = { ...defaults(logdir) };
  const words = args.flatMap((word) =>
    /^--\w+=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word],
  );
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const name = word.replace(/^--/, "");
    const negated = name.replace(/^no_/, "");
    if (!word.startsWith("--") || !(name in options || negated in options))
      throw new Error(`There is no option ${word}.`);
    if (typeof options[negated] === "boolean") options[negated] = name === negated;
    else options[name] = valueOf(name, words[++at]);
  }
  return checked(options as unknown as Options, args);
}

function valueOf(name: string, text: string | undefined): string | number {
  if (text === undefined) throw new Error(`--${name} needs a value.`);
  const allowed = choices[name];
  if (allowed && !allowed.includes(text)) throw new Error(`--${name} is one of ${allowed.join(", ")}, not ${text}.`);
  if (allowed || texts.has(name)) return text;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`--${name} takes a number, not ${text}.`);
  return value;
}

function checked(options: Options, args: readonly string[]): Options {
  const { size, mode } = options;
  if (options.lab_colorization) throw new Error("Colorization (--lab_colorization) is not offered: train on pairs.");
  if (!(options.aspect_ratio > 0)) throw new Error(`--aspect_ratio is greater than 0, not ${options.aspect_ratio}.`);
  if (!Number.isInteger(Math.log2(size)) || size < 32 || size > 256)
    throw new Error("--size is one of 32, 64, 128, 256.");
  if (mode !== "train") return fromCheckpoint(options);
  const given = args.some((word) => word.startsWith("--scale_size"));
  // The original's 286 for 256.
  const scale_size = given ? options.scale_size : Math.round((size * 286) / 256);
  if (scale_size < size) throw new Error(`scale size cannot be less than crop size: ${scale_size} < ${size}`);
  return { ...options, scale_size };
}

/** What must fit the checkpoint. The original does not keep `size`, and has its separable convolutions asked for again. */
const loadedNames = new Set(["which_direction", "ngf", "ndf", "lab_colorization", "size"]);

/** A test and an export take what fits the checkpoint from the options.json beside it. */
function fromCheckpoint(options: Options): Options {
  const { checkpoint, mode } = options;
  if (checkpoint === null) throw new Error(`checkpoint required for ${mode} mode`);
  const saved = savedOptions(join(checkpoint, "options.json"));
  const loaded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(saved)) {
    if (!loadedNames.has(name) && !(name === "separable_conv" && value === true)) continue;
    console.log(`loaded ${name} = ${python(name, value)}`);
    loaded[name] = value;
  }
  const merged = { ...options, size: originalSize, ...loaded } as Options;
  if (merged.lab_colorization) throw new Error(`The checkpoint in ${checkpoint} was trained to colorize (--lab_colorization), which is not offered.`);
  return { ...merged, scale_size: merged.size, flip: false };
}

const originalSize = 256;

function savedOptions(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`The options that the checkpoint was trained with cannot be read from ${file}.`, { cause: error });
  }
}

/** Prints every option and keeps them beside the results. */
export function announceOptions(options: Options): void {
  for (const [name, value] of Object.entries(options)) console.log(`${name} = ${python(name, value)}`);
  const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  mkdirSync(options.output_dir, { recursive: true });
  writeFileSync(join(options.output_dir, "options.json"), `{\n${sorted.map(([name, value]) => `    "${name}": ${json(name, value)}`).join(",\n")}\n}`);
}

/** Options that Python holds as floating-point numbers. */
const floats = new Set(["aspect_ratio", "lr", "beta1", "l1_weight", "gan_weight"]);

/** As Python's json.dumps writes a value: letters beyond ASCII as escapes. */
function json(name: string, value: unknown): string {
  if (typeof value === "number") return python(name, value);
  return JSON.stringify(value).replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A value as the original prints it. */
function python(name: string, value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" && floats.has(name) ? float(value) : String(value);
}

/** Python's `repr` of a float: always with a point or an exponent, which has two digits at least. */
function float(value: number): string {
  const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (power >= -4 && power < 16) return Number.isInteger(value) ? `${String(value)}.0` : String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
