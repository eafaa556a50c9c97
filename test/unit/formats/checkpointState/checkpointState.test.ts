// State files as TensorFlow, people and tools leave them: read as TensorFlow reads them, printed letter by letter.
import { describe, expect, test } from "vitest";
import { parseCheckpointState, printCheckpointState } from "#formats/checkpointState/checkpointState";
import { decodeStrictUtf8 } from "#formats/bytes/utf8";
import { golden, jsonNumber, jsonOf, need } from "../golden";

interface ExpectedState {
  model_checkpoint_path: string; all_model_checkpoint_paths?: string[];
  all_model_checkpoint_timestamps?: (number | string)[]; last_preserved_timestamp?: number | string;
}

const files = golden("state");
const { files: expected } = jsonOf<{ files: Record<string, { state?: ExpectedState | null; error?: { type: string } }> }>(files, "expected.json");
const bytesOf = (name: string): Uint8Array => need(files.get(name) ?? files.get(`${name}.checkpoint`), name);
const joined = (path: string): string => (path.startsWith("/") ? path : `dir/${path}`);

describe.each(Object.entries(expected).map(([name, wanted]) => ({ name, wanted })))("$name", ({ name, wanted }) => {
  test("is read as TensorFlow reads it", () => {
    const text = decodeStrictUtf8(bytesOf(name));
    if (wanted.error?.type === "UnicodeDecodeError") return expect(text).toBeUndefined();
    const state = parseCheckpointState(need(text, "text"));
    if (wanted.error) return expect(state?.modelCheckpointPath).toBe("");
    if (!wanted.state) return expect(state).toBeUndefined();
    const found = need(state, "a state");
    expect(joined(found.modelCheckpointPath)).toBe(wanted.state.model_checkpoint_path);
    expect(found.allModelCheckpointPaths.map(joined)).toEqual(wanted.state.all_model_checkpoint_paths ?? []);
    expect(found.timestamps.map(jsonNumber)).toEqual(wanted.state.all_model_checkpoint_timestamps ?? []);
    if (wanted.state.last_preserved_timestamp !== undefined) expect(jsonNumber(found.lastPreservedTimestamp ?? 0)).toBe(wanted.state.last_preserved_timestamp);
  });
});

const written = [...files.keys()].filter((path) => path.startsWith("saved/"));

test.each(written)("%s is printed again letter by letter", (path) => {
  const text = need(decodeStrictUtf8(bytesOf(path)), path);
  expect(printCheckpointState(need(parseCheckpointState(text), path))).toBe(text);
});

test("texts of TensorFlow's state builder are printed again letter by letter", () => {
  const cases = (jsonOf<unknown>(files, "made.json") as { cases?: unknown[] }).cases ?? jsonOf<Record<string, unknown>>(files, "made.json");
  const texts = (Array.isArray(cases) ? cases : Object.values(cases).flat()).flatMap((made: unknown) =>
    typeof made === "object" && made !== null && "text" in made && typeof made.text === "string" ? [made.text] : []);
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts) expect(printCheckpointState(need(parseCheckpointState(text), text))).toBe(text);
});

test("a last preserved time of zero is left out, zeros in the list are not", () => {
  expect(printCheckpointState({ modelCheckpointPath: "m", allModelCheckpointPaths: [], timestamps: [0, -0, 1e16, 1e-5], lastPreservedTimestamp: 0 })).toBe(
    'model_checkpoint_path: "m"\nall_model_checkpoint_timestamps: 0.0\nall_model_checkpoint_timestamps: -0.0\n' +
      "all_model_checkpoint_timestamps: 1e+16\nall_model_checkpoint_timestamps: 1e-05\n",
  );
});

test("no cut of a state file does worse than mean nothing", () => {
  const text = 'model_checkpoint_path: "a\\303\\251-1"\nall_model_checkpoint_paths: ["x", \'y\']\nlast_preserved_timestamp: 1.5\n';
  for (let end = 0; end <= text.length; end++) expect(() => parseCheckpointState(text.slice(0, end))).not.toThrow();
});
