// Logs the values of tensors every so many runs or seconds: TF1's LoggingTensorHook (HK-7).
import type * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../../graph/errors";
import type { FetchedValue } from "../../graph/fetches";
import { getDefaultGraph } from "../../graph/graph";
import { outputOf } from "../../graph/graphTensor";
import { isVariable } from "../../graph/variableMark";
import type { Session } from "../../graph/session";
import type { Clock } from "../clock";
import { logging } from "../logging";
import { printFloat32 } from "../printNumber";
import { SecondOrStepTimer } from "../secondOrStepTimer";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";

/** Tensors, or names of such; a name without `:` means the only output of that operation. */
export type LoggedTensors = Readonly<Record<string, tf.Tensor | string>> | readonly (tf.Tensor | string)[];

/** How a LoggingTensorHook is made: one of `everyNIter` and `everyNSecs`, or neither with `atEnd`. */
export interface LoggingTensorOptions {
  /** Counts runs of its own, not the global step. */
  readonly everyNIter?: number | null;
  /** Seconds between two lines, instead of runs. */
  readonly everyNSecs?: number | null;
  /** Log once more at the end. */
  readonly atEnd?: boolean;
  /** Makes the line out of the values by their tags. */
  readonly formatter?: (values: Readonly<Record<string, FetchedValue>>) => string;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** Logs `tag = value` pairs; tags are sorted, or in the order of the list. The first run is logged. */
export class LoggingTensorHook extends SessionRunHook<Readonly<Record<string, tf.Tensor>>> {
  readonly #given: LoggedTensors;
  readonly #options: LoggingTensorOptions;
  /** Undefined where it logs at the end only. */
  readonly #timer: SecondOrStepTimer | undefined;
  #tensors: Readonly<Record<string, tf.Tensor>> = {};
  #runs = 0;
  #due = false;

  /** Throws a ValueError unless there is exactly one frequency, or the end alone. */
  constructor(tensors: LoggedTensors, options: LoggingTensorOptions) {
    super();
    const { everyNIter = null, everyNSecs = null, atEnd = false, clock } = options;
    const onlyAtEnd = atEnd && everyNIter === null && everyNSecs === null;
    if (!onlyAtEnd && (everyNIter === null) === (everyNSecs === null)) {
      throw new ValueError("either atEnd and/or exactly one of everyNIter and everyNSecs must be provided.");
    }
    if (everyNIter !== null && everyNIter <= 0) throw new ValueError(`invalid everyNIter=${everyNIter}.`);
    this.#given = tensors;
    this.#options = options;
    this.#timer = onlyAtEnd ? undefined : new SecondOrStepTimer({ everySteps: everyNIter, everySecs: everyNSecs, clock });
  }

  override begin(): void {
    this.#timer?.reset();
    this.#runs = 0;
    this.#tensors = Object.fromEntries(entriesOf(this.#given).map(([tag, tensor]) => [tag, tensorOf(tensor)]));
  }

  override beforeRun(): SessionRunArgs<Readonly<Record<string, tf.Tensor>>> | undefined {
    this.#due = this.#timer?.shouldTriggerForStep(this.#runs) ?? false;
    return this.#due ? { fetches: this.#tensors } : undefined;
  }

  override afterRun(_context: SessionRunContext, { results }: SessionRunValues<Readonly<Record<string, FetchedValue>>>): void {
    if (this.#due) this.#log(results);
    this.#runs += 1;
  }

  override async end(session: Session): Promise<void> {
    if (this.#options.atEnd) this.#log(await session.run(this.#tensors));
  }

  #log(values: Readonly<Record<string, FetchedValue>>): void {
    const elapsed = this.#timer?.updateLastTriggeredStep(this.#runs);
    if (this.#options.formatter) return logging.info(this.#options.formatter(values));
    const pairs = Object.entries(this.#tensors).map(([tag, tensor]) => `${tag} = ${printValue(values[tag], tensor)}`);
    logging.info(pairs.join(", ") + (elapsed ? ` (${elapsed.secs.toFixed(3)} sec)` : ""));
  }
}

/** In the order of the line. */
function entriesOf(given: LoggedTensors): [string, tf.Tensor | string][] {
  if (isList(given)) return given.map((each) => [typeof each === "string" ? each : nameOf(each), each]);
  return Object.entries(given).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function isList(given: LoggedTensors): given is readonly (tf.Tensor | string)[] {
  return Array.isArray(given);
}

function nameOf(tensor: tf.Tensor): string {
  return isVariable(tensor) ? tensor.op.name : outputOf(tensor).name;
}

function tensorOf(given: tf.Tensor | string): tf.Tensor {
  if (typeof given !== "string") return given;
  const graph = getDefaultGraph();
  if (given.includes(":")) return graph.getTensorByName(given);
  const [only, ...more] = graph.getOperationByName(given).outputs;
  if (!only || more.length > 0) throw new ValueError(`The name ${given} is ambiguous: its operation has ${more.length + (only ? 1 : 0)} outputs.`);
  return only.tensor;
}

function printValue(value: FetchedValue | undefined, { dtype }: tf.Tensor): string {
  if (typeof value === "number") return dtype === "float32" ? printFloat32(value) : String(value);
  if (value === undefined || Array.isArray(value)) return String(value?.map((bytes) => new TextDecoder().decode(bytes)));
  if (!("shape" in value)) return new TextDecoder().decode(value);
  return `[${Array.from(value, (each) => (dtype === "float32" ? printFloat32(each) : String(each))).join(" ")}]`;
}
