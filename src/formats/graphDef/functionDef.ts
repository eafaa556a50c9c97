// The functions of a graph's library: bodies of loops and branches, and what TensorFlow 2 makes of Python functions (formats 11).
import { WireReader } from "../bytes/wireReader";
import { readNode, type GraphDef, type NodeDef } from "./graphDef";

/** One function. Inputs of its operations are `argument`, `operation:output:number`, or `^operation`. */
export interface FunctionDef {
  readonly name: string;
  readonly arguments: readonly FunctionArgument[];
  /** In the order of the signature, each with the tensor that it gives, written as an input. */
  readonly results: readonly { readonly name: string; readonly from: string }[];
  readonly nodes: readonly NodeDef[];
}

/** `type` is TensorFlow's number; 0 where an attribute of the call decides it. */
export interface FunctionArgument {
  readonly name: string;
  readonly type: number;
}

/** Decodes the library that a graph keeps verbatim. */
export function functionsOf({ rest }: Pick<GraphDef, "rest">): readonly FunctionDef[] {
  const functions: FunctionDef[] = [];
  if (!rest) return functions;
  const graph = new WireReader(rest);
  while (graph.next()) {
    if (graph.field !== 2) {
      graph.skip();
      continue;
    }
    const library = graph.message();
    while (library.next()) {
      if (library.field === 1) functions.push(readFunction(library.message()));
      else library.skip();
    }
  }
  return functions;
}

function readFunction(reader: WireReader): FunctionDef {
  let signature: Signature = { name: "", arguments: [], results: [] };
  const nodes: NodeDef[] = [];
  const given = new Map<string, string>();
  while (reader.next()) {
    if (reader.field === 1) signature = readSignature(reader.message());
    else if (reader.field === 3) nodes.push(readNode(reader.message()));
    else if (reader.field === 4) {
      const [name, from] = readEntry(reader.message());
      given.set(name, from);
    } else reader.skip();
  }
  return { name: signature.name, arguments: signature.arguments, nodes, results: signature.results.map((name) => ({ name, from: given.get(name) ?? "" })) };
}

interface Signature {
  readonly name: string;
  readonly arguments: readonly FunctionArgument[];
  readonly results: readonly string[];
}

function readSignature(reader: WireReader): Signature {
  let name = "";
  const [inputs, outputs]: [FunctionArgument[], FunctionArgument[]] = [[], []];
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) inputs.push(readArgument(reader.message()));
    else if (reader.field === 3) outputs.push(readArgument(reader.message()));
    else reader.skip();
  }
  return { name, arguments: inputs, results: outputs.map((output) => output.name) };
}

function readArgument(reader: WireReader): FunctionArgument {
  let name = "";
  let type = 0;
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 3) type = reader.int32();
    else reader.skip();
  }
  return { name, type };
}

function readEntry(reader: WireReader): readonly [string, string] {
  let [key, value] = ["", ""];
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.string();
    else reader.skip();
  }
  return [key, value];
}
