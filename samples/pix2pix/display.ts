// Pictures for people: PNG files beside the run and a page that shows them in rows.
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { encodePng, nameScope, type Fetched, type FetchedValue } from "trainscope";

const kinds = ["inputs", "outputs", "targets"] as const;

/** What a run that shows its pictures fetches: names, and PNG files of each batch element. */
export interface DisplayFetches {
  readonly paths: tf.Tensor;
  readonly inputs: tf.Tensor;
  readonly targets: tf.Tensor;
  readonly outputs: tf.Tensor;
}

/** The operations that make PNG files. */
export function displayFetches(
  paths: tf.Tensor,
  images: { inputs: tf.Tensor4D; targets: tf.Tensor4D; outputs: tf.Tensor4D },
): DisplayFetches {
  return nameScope("encode_images", () => ({
    paths,
    inputs: encodePng(images.inputs, { name: "input_pngs" }),
    targets: encodePng(images.targets, { name: "target_pngs" }),
    outputs: encodePng(images.outputs, { name: "output_pngs" }),
  }));
}

/** One picture triple on disk. */
export interface Fileset {
  readonly name: string;
  readonly step: number | undefined;
  readonly inputs: string;
  readonly outputs: string;
  readonly targets: string;
}

/** Writes images/[step-]name-kind.png. */
export function saveImages(outputDir: string, displayed: Fetched<DisplayFetches>, step?: number): Fileset[] {
  const folder = join(outputDir, "images");
  mkdirSync(folder, { recursive: true });
  return strings(displayed.paths).map((path, index) => {
    const text = Buffer.from(path).toString("utf8");
    const name = basename(text, extname(text));
    const prefix = step === undefined ? "" : `${String(step).padStart(8, "0")}-`;
    const files = kinds.map((kind) => {
      const file = `${prefix}${name}-${kind}.png`;
      writeFileSync(join(folder, file), strings(displayed[kind])[index] ?? new Uint8Array());
      return [kind, file] as const;
    });
    return { name, step, ...(Object.fromEntries(files) as Record<(typeof kinds)[number], string>) };
  });
}

/** The strings of a fetched string tensor. */
function strings(value: FetchedValue): readonly Uint8Array[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("a batch of strings was to be fetched");
}

/** Adds rows to index.html, which is never closed, so that a later run can go on; answers with its path. */
export function appendIndex(
  outputDir: string,
  filesets: readonly Fileset[],
  { step }: { readonly step: boolean },
): string {
  const index = join(outputDir, "index.html");
  if (!existsSync(index)) {
    writeFileSync(
      index,
      `<html><body><table><tr>${step ? "<th>step</th>" : ""}<th>name</th><th>input</th><th>output</th><th>target</th></tr>`,
    );
  }
  for (const fileset of filesets) {
    const cells = kinds.map((kind) => `<td><img src='images/${encodeURIComponent(fileset[kind])}'></td>`);
    const first = step ? `<td>${fileset.step ?? ""}</td>` : "";
    appendFileSync(index, `<tr>${first}<td>${escape(fileset.name)}</td>${cells.join("")}</tr>`);
  }
  return index;
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter] ?? letter);
}
