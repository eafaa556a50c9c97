// Files that pages want: exports to save, and the bytes around a damaged place to look at.
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";

/** Bytes shown before and behind a damaged place. */
const around = 512;
const perLine = 16;

const kinds = { csv: "Comma-separated values", json: "JSON", svg: "SVG", png: "PNG", dot: "Graphviz DOT" } as const;

/** Asks where to, lets `write` write there, and answers with the sentence about it; empty when the person left. */
export async function saveAs(
  dir: string,
  { name, kind }: { readonly name: string; readonly kind: keyof typeof kinds },
  write: (path: string) => Promise<string>,
): Promise<string> {
  const clean = name.replace(/[^\p{L}\p{N}._ -]+/gu, "_");
  const defaultUri = vscode.Uri.file(join(dirname(dir), `${clean}.${kind}`));
  const uri = await vscode.window.showSaveDialog({ defaultUri, filters: { [kinds[kind]]: [kind] }, saveLabel: "Export" });
  if (!uri) return "";
  const progress = { location: vscode.ProgressLocation.Window, title: `Writing ${basename(uri.fsPath)}` };
  const what = await vscode.window.withProgress(progress, () => write(uri.fsPath));
  return `Wrote ${what} to ${basename(uri.fsPath)}`;
}

/** Shows a stretch of a file as offsets, hexadecimal bytes and text. */
export async function showBytes(dir: string, file: string, offset: number): Promise<void> {
  const handle = await open(join(dir, file));
  try {
    const from = Math.floor(Math.max(0, offset - around) / perLine) * perLine;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2 * around), 0, 2 * around, from);
    const lines = [`${file}: the damaged record begins at byte ${offset} (${offset.toString(16)} hexadecimal)`, ""];
    for (let at = 0; at < bytesRead; at += perLine) lines.push(hexLine(buffer.subarray(at, Math.min(bytesRead, at + perLine)), from + at, offset));
    const document = await vscode.workspace.openTextDocument({ content: lines.join("\n"), language: "plaintext" });
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  } finally {
    await handle.close();
  }
}

function hexLine(bytes: Uint8Array, at: number, damaged: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
  const here = damaged >= at && damaged < at + bytes.length ? "▸" : " ";
  return `${here}${at.toString(16).padStart(8, "0")}  ${hex.padEnd(perLine * 3)} ${text}`;
}
