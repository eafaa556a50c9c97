// The golden files of one area: packed beside the tests, or from any folder of the same layout (TRAINSCOPE_GOLDEN).
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";

const packed = new URL("../../fixtures/formats/", import.meta.url);

/** Files by their paths below the area, with forward slashes. */
export function golden(area: "events" | "bundle" | "graphs" | "state"): ReadonlyMap<string, Uint8Array> {
  const folder = process.env["TRAINSCOPE_GOLDEN"];
  if (folder) return new Map(filesBelow(join(folder, area)).map((path) => [relative(join(folder, area), path).split(sep).join("/"), read(path)]));
  const text = gunzipSync(readFileSync(new URL(`${area}.json.gz`, packed))).toString();
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>).map(([path, base64]) => [path, plain(Buffer.from(base64, "base64"))]));
}

export function need<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the fixtures lack ${what}`);
  return value;
}

export function jsonOf<T>(files: ReadonlyMap<string, Uint8Array>, path: string): T {
  return JSON.parse(Buffer.from(need(files.get(path), path)).toString()) as T;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string): Uint8Array => plain(Buffer.from(text.replace(/[\s|]/g, ""), "hex"));

/** Numbers as the expectations write them: what JSON cannot hold is text. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => (statSync(join(dir, name)).isDirectory() ? filesBelow(join(dir, name)) : [join(dir, name)]));
}

function read(path: string): Uint8Array {
  return plain(readFileSync(path));
}

/** Node's buffers share pools and slice differently; the codecs know plain arrays only. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}
