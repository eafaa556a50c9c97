// What the event files of one run hold, gathered event by event in the order of the files.
import { FormatError } from "#base/errors";
import { RunColumns } from "#analysis/series/scalarSeries";
import type { Event, SummaryValue } from "#formats/events/event";
import { decodeExperiment } from "#formats/events/experiment";
import { decodeHyperparameters } from "#formats/events/hyperparameters";
import { decodeMeshPart } from "#formats/events/meshPart";
import { prCurveOf } from "#formats/events/prCurve";
import { ScalarEvents } from "#formats/events/scalarEvents";
import { asScalar, tagKind } from "#formats/events/tagKind";
import type { Experiment, Hyperparameters } from "#model/hyperparameters";
import type { ScalarBatch } from "#model/scalars";
import type { Damage, RunContent } from "#protocol/readerApi";
import { TagSeries } from "./tagSeries";

/** Where an event lies, to read it again. */
export interface EventPlace {
  readonly path: string;
  /** Of the record's first byte. */
  readonly offset: number;
  /** Of the event, without the record's frame. */
  readonly length: number;
}

/** More damage than this is counted by what is listed only. */
const mostDamage = 1000;

/** More saves than this are not remembered. */
const mostSaves = 20_000;

/** A save as a Supervisor logs it. */
export interface SaveEvent {
  /** As it was saved: absolute, or relative to a folder that nobody knows any more. */
  readonly path: string;
  readonly step: number;
  readonly wallTimeSeconds: number;
}

/** Tags are decided by their first value in the run, whichever file holds it (formats 6). */
export class RunEvents {
  /** Reads the plain points of all files of the run; `addScalar` takes what it has read. */
  readonly scalars = new ScalarEvents();
  readonly #tags = new Map<string, TagSeries>();
  /** The scalars among the files' tags, by their number in `scalars`. */
  readonly #numbered: (TagSeries | undefined)[] = [];
  readonly #columns = new RunColumns();
  /** Tags with told points that no file has brought. */
  readonly #told = new Set<TagSeries>();
  /** Whether those in files end with the files' points, until `settle`. */
  #steppedBack = false;
  readonly #damage: Damage[] = [];
  readonly #counts = { records: 0, graphs: 0, metaGraphs: 0, runMetadata: 0, sessionLogs: 0 };
  /** Minus infinity, here and below: no event has told yet. */
  #lastStep = -Infinity;
  #lastStepWallTimeSeconds = -Infinity;
  #lastWallTimeSeconds = -Infinity;
  #hyperparameters: Hyperparameters | undefined;
  #experiment: Experiment | undefined;
  /** Plus infinity: no event has told yet. */
  #firstWallTimeSeconds = Infinity;
  readonly #sessionStarts: number[] = [];
  #graph: EventPlace | undefined;
  #metaGraph: EventPlace | undefined;
  readonly #saves: SaveEvent[] = [];

  /** Every save that the files tell of, in the order of the files. */
  get saves(): readonly SaveEvent[] {
    return this.#saves;
  }

  /** The newest graph, and the newest meta graph, in the order of the files. */
  get graph(): EventPlace | undefined {
    return this.#graph;
  }

  get metaGraph(): EventPlace | undefined {
    return this.#metaGraph;
  }

  /** Wall times at which sessions began, in seconds. */
  get sessionStarts(): readonly number[] {
    return this.#sessionStarts;
  }

  get firstWallTimeSeconds(): number {
    return this.#firstWallTimeSeconds;
  }

  tag(name: string): TagSeries | undefined {
    return this.#tags.get(name);
  }

  /** Names of the scalar tags, in the order of their first values. */
  scalarTags(): string[] {
    return [...this.#tags].filter(([, { kind }]) => kind === "scalar").map(([tag]) => tag);
  }

  /** The scalar tag with the most points, whose times tell the most about pauses. */
  get densest(): TagSeries | undefined {
    const scalars = [...this.#tags.values()].filter(({ kind }) => kind === "scalar");
    return scalars.reduce<TagSeries | undefined>((best, one) => (best && best.series.length >= one.series.length ? best : one), undefined);
  }

  /** Events in the order of the files' names. */
  add({ wallTimeSeconds, step, what }: Event, place: EventPlace): void {
    if (!this.#steppedBack) this.#stepBack();
    this.#counts.records++;
    this.#noteWallTime(wallTimeSeconds);
    if (what.kind === "summary") {
      for (const value of what.values) {
        this.#addValue(value, step, wallTimeSeconds);
        if (value.metadata?.pluginName === "hparams") this.#addHyperparameters(value.metadata.pluginContent);
      }
      if (what.values.length > 0) this.#noteStep(step, wallTimeSeconds);
    } else if (what.kind === "sessionLog") {
      this.#counts.sessionLogs++;
      if (what.status === "checkpoint" && this.#saves.length < mostSaves) this.#saves.push({ path: what.checkpointPath, step, wallTimeSeconds });
      if (what.status === "start") this.#sessionStarts.push(wallTimeSeconds);
      // Also within a file: a restore between two steps writes its START there.
      if (what.status === "start" && step > 0) this.#supersedeFrom(step);
    } else if (what.kind === "graph") {
      this.#counts.graphs++;
      this.#graph = place;
    } else if (what.kind === "metaGraph") {
      this.#counts.metaGraphs++;
      this.#metaGraph = place;
    } else if (what.kind === "runMetadata") this.#counts.runMetadata++;
  }

  /** The point that `scalars` has read; false when its tag is no scalar here: then the event is to be added in full. */
  addScalar(): boolean {
    const { scalars } = this;
    const series = this.#numbered[scalars.tagNumber] ?? this.#numberedAnew();
    if (!series) return false;
    if (!this.#steppedBack) this.#stepBack();
    this.#counts.records++;
    this.#noteWallTime(scalars.wallTimeSeconds);
    this.#noteStep(scalars.step, scalars.wallTimeSeconds);
    series.addFromFile(scalars);
    return true;
  }

  /** Tells which share of the files' bytes has been read, so that columns grow to what is to come. */
  expectMore(shareRead: number): void {
    for (const { series } of this.#tags.values()) series.expect(series.length / shareRead);
  }

  addDamage(damage: Damage): void {
    if (this.#damage.length < mostDamage) this.#damage.push({ ...damage, ...(this.#lastStep !== -Infinity && { afterStep: this.#lastStep }) });
  }

  /** Ends a batch of events: told points stand behind what the files brought. */
  settle(): void {
    for (const series of this.#told) {
      series.settle();
      if (series.told.length === 0) this.#told.delete(series);
    }
    this.#steppedBack = false;
  }

  /** Points that the training tells; answers whether any was new. */
  addTold(batches: readonly ScalarBatch[]): boolean {
    let changed = false;
    for (const { tag, steps, values, wallTimeSeconds } of batches) {
      const series = this.#seriesToldOf(tag);
      if (series.kind !== "scalar") continue;
      steps.forEach((step, index) => {
        const point = { step, value: values[index] ?? NaN, wallTimeSeconds: wallTimeSeconds[index] ?? NaN };
        if (!series.addTold(point)) return;
        changed = true;
        this.#told.add(series);
        this.#lastStep = step;
        this.#lastStepWallTimeSeconds = point.wallTimeSeconds;
        this.#noteWallTime(point.wallTimeSeconds);
      });
    }
    return changed;
  }

  /** Hands on the told points that no file has brought, to a run that is read anew. */
  toldPoints(): ScalarBatch[] {
    return [...this.#tags].flatMap(([tag, { told }]) => (told.length === 0 ? [] : [{
      tag,
      steps: Float64Array.from(told, ({ step }) => step),
      values: Float64Array.from(told, ({ value }) => value),
      wallTimeSeconds: Float64Array.from(told, (point) => point.wallTimeSeconds),
    }]));
  }

  content({ files, bytes, revision }: { readonly files: number; readonly bytes: number; readonly revision: number }): RunContent {
    return {
      revision, files, bytes, ...this.#counts,
      tags: [...this.#tags].map(([tag, series]) => series.info(tag)),
      ...(this.#hyperparameters && { hyperparameters: this.#hyperparameters }),
      ...(this.#experiment && { experiment: this.#experiment }),
      ...(this.#lastStep === -Infinity ? {} : { lastStep: this.#lastStep }),
      ...(this.#lastWallTimeSeconds === -Infinity ? {} : { lastWallTimeSeconds: this.#lastWallTimeSeconds }),
      damage: this.#damage,
    };
  }

  #noteWallTime(seconds: number): void {
    if (seconds > this.#lastWallTimeSeconds && seconds < Infinity) this.#lastWallTimeSeconds = seconds;
    if (seconds < this.#firstWallTimeSeconds && seconds > -Infinity) this.#firstWallTimeSeconds = seconds;
  }

  #noteStep(step: number, wallTimeSeconds: number): void {
    if (wallTimeSeconds < this.#lastStepWallTimeSeconds) return;
    this.#lastStep = step;
    this.#lastStepWallTimeSeconds = wallTimeSeconds;
  }

  #numberedAnew(): TagSeries | undefined {
    const { tag, tagNumber } = this.scalars;
    const series = this.#tags.get(tag);
    if (!series?.inFiles || series.kind !== "scalar") return undefined;
    this.#numbered[tagNumber] = series;
    return series;
  }

  #addValue(value: SummaryValue, step: number, wallTimeSeconds: number): void {
    const series = this.#seriesOf(value);
    const number = series.kind === "scalar" ? asScalar(value.value) : 0;
    // A value of another kind than the tag's first has no place in it (formats 6).
    if (number === undefined || (series.kind !== "scalar" && value.value.kind === "simple")) return;
    this.#holdContent(series, value, step);
    series.addFromFile({ step, value: number, wallTimeSeconds });
  }

  /** A value that is not what its tag's kind says still counts as a point, as in TensorBoard; there is only nothing to tell of it. */
  #holdContent(series: TagSeries, { metadata, value }: SummaryValue, step: number): void {
    try {
      if (series.kind === "prCurve" && value.kind === "tensor") series.held = { prCurve: { step, ...prCurveOf(value.tensor) } };
      else if (series.kind === "mesh" && metadata && !series.held.mesh) series.held = { mesh: decodeMeshPart(metadata.pluginContent) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      series.held = {};
    }
  }

  /** What a session tells at its start and at its end goes together; of several sessions the last counts. */
  #addHyperparameters(content: Uint8Array): void {
    // Of several descriptions TensorBoard takes the first as well.
    this.#experiment ??= decodeExperiment(content);
    const told = decodeHyperparameters(content);
    if (told.values) this.#hyperparameters = told;
    else if (Object.keys(told).length > 0) this.#hyperparameters = { ...this.#hyperparameters, ...told };
  }

  #seriesOf(value: SummaryValue): TagSeries {
    const known = this.#tags.get(value.tag);
    if (known?.inFiles) return known;
    const { plugin, kind } = tagKind(value);
    const series = new TagSeries({ plugin, kind, inFiles: true }, this.#columns);
    this.#tags.set(value.tag, series);
    if (known) this.#handOver(known, series);
    return series;
  }

  /** Told points came before the file did; they are matched with its points from here on. */
  #handOver(known: TagSeries, series: TagSeries): void {
    known.stepBack();
    this.#told.delete(known);
    if (series.kind !== "scalar") return;
    for (const point of known.told) series.addTold(point);
    this.#told.add(series);
  }

  #seriesToldOf(tag: string): TagSeries {
    const known = this.#tags.get(tag);
    if (known) return known;
    const series = new TagSeries({ plugin: "scalars", kind: "scalar", inFiles: false }, this.#columns);
    this.#tags.set(tag, series);
    return series;
  }

  #supersedeFrom(step: number): void {
    for (const series of this.#tags.values()) series.supersedeFrom(step);
  }

  /** All tags before one is written: where another still reaches beyond, a column cannot be written on and is copied. */
  #stepBack(): void {
    this.#steppedBack = true;
    for (const series of this.#told) if (series.inFiles) series.stepBack();
  }
}
