// TF1's FileWriter: what a training has to say, into event files, and its scalars to whoever watches (SY-9 to SY-11).
import { messageOf } from "#base/errors";
import { decodeSummary } from "#formats/events/decodeSummary";
import type { EventContent, SessionStatus, SummaryValue } from "#formats/events/event";
import { encodeRunMetadata } from "#formats/events/runMetadata";
import { asScalar } from "#formats/events/tagKind";
import { encodeGraphDef } from "#formats/graphDef/graphDef";
import { encodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import type { Step } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import { explainWrite } from "#node/writeProblem";
import { ValueError } from "../graph/errors";
import { graphDefOf } from "../graph/graphDef";
import type { Graph } from "../graph/graph";
import type { RunMetadata } from "../graph/runOptions";
import { metaGraphOf } from "../saving/metaGraph";
import { systemClock, type Clock } from "../training/clock";
import { notice, tellObservers } from "../training/observers";
import { EventFile } from "./eventFile";

/** How a FileWriter is made. */
export interface FileWriterOptions {
  /** Written at once, as graph and meta graph. */
  readonly graph?: Graph;
  /** Added to the file's name. */
  readonly filenameSuffix?: string;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** A note on the life of a session. */
export interface SessionLog {
  /** What happened. */
  readonly status: SessionStatus;
  /** Of a checkpoint, its path without the step, as TensorFlow writes it. */
  readonly checkpointPath?: string;
  /** Whatever is to be noted. */
  readonly message?: string;
}

/**
 * Writes event files into a folder. Adding never waits: records go out in the background at once, not after a number
 * of events or seconds, so that a killed training loses nothing that it recorded a moment before.
 */
export class FileWriter {
  /** Folder of the event file. */
  readonly logdir: string;
  readonly #clock: Clock;
  readonly #suffix: string;
  /** Tags whose metadata has been written: it is kept only on a tag's first value (SY-10). */
  readonly #described = new Set<string>();
  readonly #runTags = new Set<string>();
  #file: EventFile;
  #closed = false;
  #warned = false;

  /** Opens `events.out.tfevents.<seconds>.<host>` in the folder, which is made; a graph given is written first. */
  constructor(logdir: string, { graph, filenameSuffix = "", clock = systemClock }: FileWriterOptions = {}) {
    this.logdir = logdir;
    this.#clock = clock;
    this.#suffix = filenameSuffix;
    this.#file = this.#newFile();
    if (!graph) return;
    this.addGraph(graph);
    this.addMetaGraph(encodeMetaGraphDef(metaGraphOf(graph)));
  }

  /** Where the events go, once the file is there. */
  get path(): string | undefined {
    return this.#file.path;
  }

  /**
   * Records what a summary operation gave: the bytes of a Summary, or its values. Scalars also go to the observers of
   * the training. A missing step is 0.
   */
  addSummary(summary: Uint8Array | readonly SummaryValue[], globalStep: Step = 0): void {
    const values = (summary instanceof Uint8Array ? decodeSummary(summary) : summary).map((value) => this.#withMetadataOnce(value));
    const wallTimeSeconds = this.#add({ kind: "summary", values }, globalStep);
    if (wallTimeSeconds === undefined) return;
    const batches = values.flatMap((value) => scalarBatch(value, { step: globalStep, wallTimeSeconds }));
    if (batches.length > 0) tellObservers((observer) => observer.scalarsRecorded?.(batches));
  }

  /** Records the start, a checkpoint or the stop of a session. */
  addSessionLog({ status, checkpointPath = "", message = "" }: SessionLog, globalStep: Step = 0): void {
    this.#add({ kind: "sessionLog", status, checkpointPath, message }, globalStep);
  }

  /** Records a graph. */
  addGraph(graph: Graph, globalStep: Step = 0): void {
    this.#add({ kind: "graph", bytes: encodeGraphDef(graphDefOf(graph)) }, globalStep);
  }

  /** Records the bytes of a GraphDef. */
  addGraphDef(bytes: Uint8Array, globalStep: Step = 0): void {
    this.#add({ kind: "graph", bytes }, globalStep);
  }

  /**
   * Records what a traced run told, under a tag such as `step_100` that no other run of this writer has (SY-10);
   * TensorBoard shows it on the graph.
   */
  addRunMetadata({ device, operations }: RunMetadata, tag: string, globalStep: Step = 0): void {
    if (this.#runTags.has(tag)) throw new ValueError(`The tag ${tag} was already used for the metadata of a run.`);
    this.#runTags.add(tag);
    const name = `/job:localhost/replica:0/task:0/device:${device.toUpperCase()}:0`;
    this.#add({ kind: "runMetadata", tag, bytes: encodeRunMetadata(name, operations) }, globalStep);
  }

  /** Records the bytes of a MetaGraphDef. */
  addMetaGraph(bytes: Uint8Array, globalStep: Step = 0): void {
    this.#add({ kind: "metaGraph", bytes }, globalStep);
  }

  /** Resolves once everything added so far is with the operating system. */
  async flush(): Promise<void> {
    if (!this.#closed) await this.#explained(this.#file.flush());
  }

  /** Flushes to disk and closes the file; what is added later is dropped with a warning (SY-11). */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#explained(this.#file.close());
  }

  /** After a close: goes on in a new file. Otherwise nothing (SY-11). */
  reopen(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.#warned = false;
    this.#file = this.#newFile();
  }

  async #explained(writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      throw explainWrite(`The event file ${this.path ?? `in ${this.logdir}`}`, error);
    }
  }

  #add(what: EventContent, step: Step): number | undefined {
    if (this.#closed) {
      if (!this.#warned) notice(`The writer of ${this.logdir} is closed: what is added now is lost. Reopen it first.`);
      this.#warned = true;
      return undefined;
    }
    const wallTimeSeconds = this.#clock.nowSeconds();
    this.#file.write({ wallTimeSeconds, step, what });
    return wallTimeSeconds;
  }

  #newFile(): EventFile {
    return new EventFile(this.logdir, {
      filenameSuffix: this.#suffix,
      nowSeconds: () => this.#clock.nowSeconds(),
      onProblem: (error) => notice(`${messageOf(explainWrite(`The event file in ${this.logdir}`, error))} It is tried again with each record.`),
    });
  }

  #withMetadataOnce(value: SummaryValue): SummaryValue {
    if (!value.metadata) return value;
    if (this.#described.has(value.tag)) return { tag: value.tag, value: value.value };
    this.#described.add(value.tag);
    return value;
  }
}

function scalarBatch({ tag, value }: SummaryValue, at: { step: Step; wallTimeSeconds: number }): ScalarBatch[] {
  const scalar = asScalar(value);
  if (scalar === undefined) return [];
  return [{
    tag,
    steps: Float64Array.of(at.step),
    values: Float64Array.of(scalar),
    wallTimeSeconds: Float64Array.of(at.wallTimeSeconds),
  }];
}
