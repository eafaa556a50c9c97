// Which operations of TensorFlow can be run when a file has them: those that this runtime makes, and all kernels.
import * as tf from "@tensorflow/tfjs-core";
import { backendName } from "../graph/engine";
import { branchReaders } from "../graph/controlFlow";
import { noOpReaders } from "../graph/controlDependencies";
import { casting } from "../graph/cast";
import { constantReaders } from "../graph/constants";
import { carrierOf } from "../graph/dtypes";
import type { FileNode, NodeReader, NodeReaders, ReadNode } from "../graph/fileNode";
import { hostCallReaders } from "../graph/hostCall";
import { passReaders } from "../graph/identity";
import { kernelOfNode } from "../graph/kernelNodes";
import { kernelBehaviour } from "../graph/kernelOperation";
import { kernelsOfType } from "../graph/opNames";
import { ownKernels } from "../graph/ownKernels";
import { randomReaders } from "../graph/randomOps";
import { ruledKernels } from "../graph/shapeRules";
import { decoderReaders } from "../images/decodeImages";
import { encoderReaders } from "../images/encodeImages";
import { saveReaders } from "../saving/saveNodes";
import { qrReaders } from "../scope/orthogonal";
import { uninitializedReaders } from "../scope/reportUninitialized";
import { variableReaders } from "../scope/variableOperations";
import { stringReaders } from "../strings/stringOperations";
import { mediaReaders } from "../summaries/mediaSummaries";
import { summaryReaders } from "../summaries/summaryOperations";
import { adagradReaders } from "../training/adagradOptimizer";
import { adamReaders } from "../training/adamOptimizer";
import { gradientDescentReaders } from "../training/gradientDescentOptimizer";
import { momentumReaders } from "../training/momentumOptimizer";
import { rmsPropReaders } from "../training/rmsPropOptimizer";
import { composedReaders } from "./composedReaders";
import { shapeReaders } from "./shapeReaders";

const tables: readonly NodeReaders[] = [
  constantReaders, passReaders, noOpReaders, branchReaders, variableReaders, randomReaders, hostCallReaders, qrReaders, uninitializedReaders,
  stringReaders, encoderReaders, decoderReaders, summaryReaders, mediaReaders, saveReaders, adamReaders, adagradReaders,
  gradientDescentReaders, momentumReaders, rmsPropReaders, shapeReaders, composedReaders,
  { Cast: (node) => (carrierOf(node.dtype("DstT")) === node.dtype("DstT") ? undefined : casting(node.input(0), node.dtype("DstT"))) },
];

/** What a node does; undefined where nothing here does that. */
export function readNode(node: FileNode): ReadNode | undefined {
  for (const reader of readersOf(node.type)) {
    const read = reader(node);
    if (read) return read;
  }
  const found = kernelOfNode(node, isKernel);
  return found && kernelBehaviour(found.kernel, node.inputs, found).behaviour;
}

/** Whether operations of a type can be run here at all. */
export function isKnownType(type: string): boolean {
  return readersOf(type).length > 0 || kernelsOfType(type).some(isKernel);
}

function readersOf(type: string): NodeReader[] {
  return tables.flatMap((table) => (Object.hasOwn(table, type) ? (table[type] ?? []) : []));
}

const ruled = new Set(ruledKernels);

function isKernel(name: string): boolean {
  return ruled.has(name) || Object.hasOwn(ownKernels, name) || tf.getKernel(name, backendName()) !== undefined;
}
