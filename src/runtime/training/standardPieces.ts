// The operations and helpers a Supervisor uses where it is not given any: from the graph's collections, or made (SU-2).
import type * as tf from "@tensorflow/tfjs-core";
import { group } from "../graph/controlDependencies";
import type { Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { Saver } from "../saving/saver";
import type { Variable } from "../scope/variable";
import { reportUninitializedVariables } from "../scope/reportUninitialized";
import { globalVariables, globalVariablesInitializer, localVariablesInitializer } from "../scope/variables";
import { mergeAll } from "../summaries/summaryOperations";
import type { Clock } from "./clock";
import { getGlobalStep } from "./globalStep";
import type { Runnable } from "./sessionManager";

/** What is asked for of each piece: undefined takes the standard one, `null` does without. */
export interface AskedPieces {
  readonly readyOp?: Runnable | null;
  readonly readyForLocalInitOp?: Runnable | null;
  readonly initOp?: Runnable | null;
  readonly localInitOp?: Runnable | null;
  readonly summaryOp?: tf.Tensor | null;
  readonly saver?: Saver | null;
  readonly globalStep?: Variable | null;
}

/** The pieces that are used. */
export interface StandardPieces {
  readonly readyOp?: Runnable | undefined;
  readonly readyForLocalInitOp?: Runnable | undefined;
  readonly initOp?: Runnable | undefined;
  readonly localInitOp?: Runnable | undefined;
  readonly summaryOp?: tf.Tensor | undefined;
  readonly saver?: Saver | undefined;
  readonly globalStep?: Variable | undefined;
}

/** Finds or makes what is not given. The graph must be the default one and not finalised yet. */
export function standardPieces(graph: Graph, asked: AskedPieces, clock: Clock): StandardPieces {
  const piece = <T>(given: T | null | undefined, key: string, make: () => T | undefined): T | undefined =>
    given === undefined ? firstOrMade(graph, key, make) : (given ?? undefined);
  return {
    readyOp: piece<Runnable>(asked.readyOp, GraphKeys.READY_OP, () => reportUninitializedVariables()),
    readyForLocalInitOp: piece<Runnable>(asked.readyForLocalInitOp, GraphKeys.READY_FOR_LOCAL_INIT_OP, () => undefined),
    initOp: piece<Runnable>(asked.initOp, GraphKeys.INIT_OP, () => globalVariablesInitializer()),
    localInitOp: piece<Runnable>(asked.localInitOp, GraphKeys.LOCAL_INIT_OP, () => group([localVariablesInitializer()])),
    summaryOp: piece(asked.summaryOp, GraphKeys.SUMMARY_OP, () => mergeAll()),
    saver: piece(asked.saver, GraphKeys.SAVERS, () => (globalVariables().length > 0 ? new Saver({ clock }) : undefined)),
    globalStep: asked.globalStep === undefined ? getGlobalStep(graph) : (asked.globalStep ?? undefined),
  };
}

function firstOrMade<T>(graph: Graph, key: string, make: () => T | undefined): T | undefined {
  const [first] = graph.getCollection<T>(key);
  if (first !== undefined) return first;
  const made = make();
  if (made !== undefined) graph.addToCollection(key, made);
  return made;
}
