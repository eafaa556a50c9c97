// Event files: every record as TensorFlow's reader lists it, damage told at its place, and each run as a whole with its restarts.
import { basename, dirname, join } from "node:path";
import { RecordScanner, type RecordRead } from "#formats/records/recordScanner";
import { RunReader } from "#host/reader/runReader";
import { isEventFileName } from "#node/eventFiles";
import { seenRecord, wantedRecord, type ExpectedRecord } from "./eventFacts";
import { jsonNumber, namesIn, readBytes, readJson } from "./folders";
import { need, same, type Report } from "./report";
import { RuleSeries } from "./restartRule";

interface ExpectedFile {
  readonly size: number;
  /** Absent for what was not read as an event file. */
  readonly readable_bytes?: number;
  readonly error?: { readonly type: string; readonly message: string };
  readonly records?: readonly ExpectedRecord[];
}
interface ExpectedTag {
  readonly plugin: string;
  readonly points: readonly (readonly [number | string, number | string, unknown])[];
}
interface ExpectedRun {
  readonly graph: boolean;
  readonly meta_graph: boolean;
  readonly run_metadata: readonly string[];
  readonly tags: Readonly<Record<string, ExpectedTag>>;
}
interface ExpectedCase {
  readonly files: Readonly<Record<string, ExpectedFile>>;
  readonly python_reader?: { readonly purge: Readonly<Record<string, ExpectedRun>>; readonly no_purge: string | Readonly<Record<string, ExpectedRun>> };
}

const suffix = ".expected.json";

export async function checkEvents(folder: string, report: Report): Promise<void> {
  for (const file of (await namesIn(folder)).filter((name) => name.endsWith(suffix))) {
    const name = file.slice(0, -suffix.length);
    const expected = await readJson<ExpectedCase>(join(folder, file));
    const files = Object.entries(expected.files).filter(([, { readable_bytes }]) => readable_bytes !== undefined);
    for (const [path, wanted] of files) {
      await report.check(`events/${name}/${path}`, async () => checkFile(await readBytes(join(folder, name, path)), wanted));
    }
    for (const run of new Set(files.map(([path]) => path).filter((path) => isEventFileName(basename(path))).map(dirname))) {
      await report.check(`events/${name} run ${run}`, () => checkRun(join(folder, name), run, expected));
    }
  }
}

function checkFile(bytes: Uint8Array, { size, readable_bytes = 0, error, records = [] }: ExpectedFile): void {
  same("size", bytes.length, size);
  const reads = readAll(bytes);
  const listed = reads.flatMap((read) => (read.kind === "record" && read.offset < readable_bytes ? [seenRecord(read.offset, read.data)] : []));
  same("records", listed, records.map(wantedRecord));
  const damage = reads.filter((read) => read.kind === "skipped");
  // A cut at the end may still be written on: it is a state, and not damage.
  const cut = error === undefined || /truncated/i.test(error.message);
  if (cut) same("damage", damage, []);
  else same("place of the damage", damage[0]?.offset, readable_bytes);
}

function readAll(bytes: Uint8Array): RecordRead[] {
  const scanner = new RecordScanner();
  const reads: RecordRead[] = [];
  scanner.push(bytes);
  for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) reads.push(read);
  const { damage } = scanner;
  if (damage) reads.push({ kind: "skipped", offset: damage.offset, bytes: bytes.length - damage.offset, reason: "badLengthCrc" });
  return reads;
}

async function checkRun(folder: string, run: string, { files, python_reader }: ExpectedCase): Promise<void> {
  const mine = Object.entries(files).filter(([path]) => dirname(path) === run && isEventFileName(basename(path))).sort(([one], [other]) => (basename(one) < basename(other) ? -1 : 1));
  const reader = new RunReader(join(folder, run), () => undefined);
  try {
    await reader.refresh();
    const content = reader.content();
    same("files", content.files, mine.length);
    const damaged = mine.filter(([, { error }]) => error && !/truncated/i.test(error.message));
    for (const [path, { readable_bytes }] of damaged) {
      const told = content.damage.find((each) => each.file === basename(path) && each.offset === readable_bytes);
      need(told, `damage of ${path} at ${readable_bytes}`);
    }
    // Behind damage we read on where TensorFlow stops, so the lists below end too early.
    if (damaged.length > 0) return;
    const records = mine.flatMap(([, file]) => file.records ?? []);
    const refused = records.filter(({ step }) => typeof step === "string").length;
    same("records", content.records, records.length - refused);
    same("session logs", content.sessionLogs, count(records, "session_log"));
    same("graphs", [content.graphs, content.metaGraphs, content.runMetadata], [count(records, "graph_def"), count(records, "meta_graph_def"), count(records, "tagged_run_metadata")]);
    checkTags(reader, records, expectedRun(python_reader, run));
  } finally {
    reader.dispose();
  }
}

function expectedRun(readers: ExpectedCase["python_reader"], run: string): ExpectedRun | undefined {
  const { purge, no_purge } = readers ?? { purge: {}, no_purge: {} };
  return (typeof no_purge === "string" ? purge : no_purge)[run];
}

function count(records: readonly ExpectedRecord[], what: string): number {
  return records.filter((record) => record.what === what).length;
}

/** All points against TensorBoard's reader that drops nothing, those that stand against the rule. */
function checkTags(reader: RunReader, records: readonly ExpectedRecord[], run: ExpectedRun | undefined): void {
  const rule = standingByRule(records);
  for (const [tag, { plugin, points }] of Object.entries(run?.tags ?? {})) {
    // Graphs and run metadata are no tags of ours; TensorBoard makes tags of them.
    if (plugin === "graphs" || plugin === "graph_tagged_run_metadata") continue;
    // A value without a tag is known by its obsolete node name.
    const series = need(reader.events.tag(tag === "" ? nodeNames(records) : tag), `tag ${tag}`);
    const info = series.info(tag);
    if (plugin !== "") same(`plugin of ${tag}`, info.plugin, plugin);
    // TensorFlow carries steps beyond 2^53, which we refuse.
    const exact = points.filter(([step]) => typeof step === "number").map(([step, seconds, value]) => [step, seconds, single(value)]);
    const kept = series.kind === "scalar" ? exact.filter(([, , value]) => typeof value !== "object") : exact;
    same(`points of ${tag}`, info.points + info.superseded, kept.length);
    if (series.kind !== "scalar") continue;
    const { steps, values, wallTimeSeconds } = series.series;
    same(`points of ${tag}`, Array.from(steps, (step, at) => [step, jsonNumber(wallTimeSeconds[at] ?? 0), jsonNumber(values[at] ?? 0)]), kept);
    const stands = series.series.segments.flatMap(({ from, standing }) => Array.from(steps.subarray(from, standing), (step, at) => ({ step, value: jsonNumber(values[from + at] ?? 0) })));
    same(`standing points of ${tag}`, stands, rule.get(tag === "" ? nodeNames(records) : tag)?.standing ?? []);
  }
}

/** A tensor of one number counts as that number. */
function single(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { shape, values } = value as { shape?: number[]; values?: unknown[] };
  return values?.length === 1 && shape?.length === 1 ? values[0] : value;
}

function nodeNames(records: readonly ExpectedRecord[]): string {
  const named = records.flatMap(({ values = [] }) => values).find((value) => value["tag"] === "" && value["node_name"] !== undefined);
  return String(named?.["node_name"] ?? "");
}

function standingByRule(records: readonly ExpectedRecord[]): Map<string, RuleSeries> {
  const rule = new Map<string, RuleSeries>();
  for (const { step, values, session_log } of records) {
    if (typeof step === "string") continue;
    if (session_log?.status === 1 && step > 0) for (const series of rule.values()) series.start(step);
    for (const value of values ?? []) {
      const tag = String(value["node_name"] ?? value["tag"]);
      const number = numberOf(value);
      if (number === undefined) continue;
      const series = rule.get(tag) ?? new RuleSeries();
      rule.set(tag, series);
      series.add({ step, value: number });
    }
  }
  return rule;
}

function numberOf(value: Readonly<Record<string, unknown>>): number | string | undefined {
  if (value["kind"] === "simple_value") return value["value"] as number | string;
  const tensor = value["tensor"] as { shape?: number[]; values?: (number | string)[] } | undefined;
  return tensor?.values?.length === 1 && (tensor.shape?.length ?? 0) <= 1 ? tensor.values[0] : undefined;
}
