// Nodes of a graph's file as operations of the default graph, which then run as those that a script makes.
import type * as tf from "@tensorflow/tfjs-core";
import type { AttrValue, GraphDef, NodeDef } from "#formats/graphDef/graphDef";
import { messageOf } from "#base/errors";
import { ValueError } from "../graph/errors";
import { FileNode, type ReadNode } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import { sourceAttr } from "../graph/graphDef";
import { outputOf } from "../graph/graphTensor";
import type { Operation, Output } from "../graph/operation";
import type { SourceLine } from "../graph/source";
import { isKnownType, readNode } from "./nodeReaders";

/** How nodes are taken in. */
export interface ImportOptions {
  /** Where they go: a name scope's full name without a slash at its end; empty at the root. */
  readonly scope: string;
  /** Forget which devices the file puts them on. */
  readonly clearDevices?: boolean;
  /** Tensors of the default graph in place of tensors of the file, by the file's names: `x:0`. */
  readonly inputMap?: Readonly<Record<string, tf.Tensor>>;
}

/** Which operation each node became, by the node's name. */
export type Imported = ReadonlyMap<string, Operation>;

/**
 * Adds the nodes of a file to the default graph, in the file's order, a name that is taken made unique. Throws a ValueError
 * that names all types of operations that cannot be run here before anything is added.
 */
export function importGraphDef(graph: Graph, file: GraphDef, options: ImportOptions): Imported {
  refuseUnknown(file);
  const importing = new Importing(graph, file, options);
  graph.control.within(undefined, () => graph.withinNameScope("", () => {
    for (const node of file.nodes) importing.add(node);
  }));
  importing.checkMap();
  return importing.made;
}

function refuseUnknown({ nodes, functions }: GraphDef): void {
  const unknown = new Map<string, string[]>();
  for (const { op, name } of nodes) if (!isKnownType(op)) unknown.set(op, [...(unknown.get(op) ?? []), name]);
  if (unknown.size === 0) return;
  const list = [...unknown].map(([op, [first, ...rest]]) => `${op} (${first}${rest.length > 0 ? ` and ${rest.length} more` : ""})`);
  const library = functions > 0 ? " Functions of the file's library are not opened." : "";
  throw new ValueError(`The graph has operations that cannot be run here: ${list.join(", ")}.${library}`);
}

class Importing {
  readonly made = new Map<string, Operation>();
  readonly #nodes: ReadonlyMap<string, NodeDef>;
  readonly #open = new Set<string>();
  readonly #mapped = new Set<string>();
  readonly #restored: RestoredShapes;

  constructor(
    readonly graph: Graph,
    file: GraphDef,
    readonly options: ImportOptions,
  ) {
    this.#nodes = new Map(file.nodes.map((node) => [node.name, node]));
    this.#restored = restoredShapes(file, this.#nodes);
  }

  /** The operation of a node, with all that it needs before it. */
  add(node: NodeDef): Operation {
    const known = this.made.get(node.name);
    if (known) return known;
    if (this.#open.has(node.name)) throw new ValueError(`${node.name} (${node.op}) depends on itself: loops cannot be run here.`);
    this.#open.add(node.name);
    const data = node.inputs.filter((input) => !input.startsWith("^")).map((input) => this.#output(node, input));
    const control = node.inputs.filter((input) => input.startsWith("^")).map((input) => this.add(this.#node(node, input.slice(1))));
    const operation = this.#make(node, data, control);
    this.#open.delete(node.name);
    this.made.set(node.name, operation);
    return operation;
  }

  /** Every tensor that was to be replaced must be in the file. */
  checkMap(): void {
    const unused = Object.keys(this.options.inputMap ?? {}).filter((name) => !this.#mapped.has(tensorKey(name)));
    if (unused.length > 0) throw new ValueError(`Attempted to map inputs that were not found in the graph: [${unused.join(", ")}]`);
  }

  #make(node: NodeDef, inputs: readonly Output[], controlInputs: readonly Operation[]): Operation {
    const { graph, options } = this;
    const behaviour = this.#read(node, inputs);
    const { made, ...rest } = behaviour;
    const source = sourceOf(node);
    const device = options.clearDevices ? "" : node.device;
    const operation = graph.withinDevice(device, () => graph.createOperation({
      type: node.op,
      name: `${this.#freeName(scoped(options.scope, node.name))}/`,
      inputs,
      controlInputs,
      attrs: attrsWithin(node, options.scope),
      asWritten: true,
      ...(source && { source }),
      ...rest,
    }));
    made?.(operation);
    return operation;
  }

  /** Names that were taken exactly are not counted among those in use. */
  #freeName(wanted: string): string {
    let name = this.graph.uniqueName(wanted);
    while (this.graph.findOperation(name)) name = this.graph.uniqueName(wanted);
    return name;
  }

  #read(node: NodeDef, inputs: readonly Output[]): ReadNode {
    let read: ReadNode | undefined;
    try {
      read = readNode(new FileNode(node, inputs, this.#restored.get(node.name)));
    } catch (error) {
      if (error instanceof ValueError) throw error;
      throw new ValueError(`${node.name} (${node.op}) cannot be run here: ${messageOf(error)}`, { cause: error });
    }
    if (!read) throw new ValueError(`${node.name} (${node.op}) cannot be run here with inputs of these types and attributes.`);
    return read;
  }

  #output(user: NodeDef, input: string): Output {
    const key = tensorKey(input);
    const replacement = Object.entries(this.options.inputMap ?? {}).find(([name]) => tensorKey(name) === key)?.[1];
    if (replacement) {
      this.#mapped.add(key);
      return outputOf(replacement);
    }
    const [name = "", index = "0"] = input.split(":");
    const output = this.add(this.#node(user, name)).outputs[Number(index)];
    if (!output) throw new ValueError(`${user.name} (${user.op}) takes output ${index} of ${name}, which its operation does not have here.`);
    return output;
  }

  #node(user: NodeDef, name: string): NodeDef {
    const node = this.#nodes.get(name);
    if (!node) throw new ValueError(`${user.name} (${user.op}) takes ${name}, which the file does not have.`);
    return node;
  }
}

/** Where TensorFlow leaves open what a restore gives: the shapes of the variables that are given it. */
type RestoredShapes = ReadonlyMap<string, readonly (readonly number[] | undefined)[]>;

function restoredShapes({ nodes }: GraphDef, byName: ReadonlyMap<string, NodeDef>): RestoredShapes {
  const shapes = new Map<string, (readonly number[] | undefined)[]>();
  for (const { op, inputs: [variable, value] } of nodes) {
    if (op !== "Assign" && op !== "AssignVariableOp") continue;
    const shape = byName.get(variable ?? "")?.attrs.get("shape");
    const [restore = "", index = "0"] = behind(value, byName).split(":");
    if (byName.get(restore)?.op !== "RestoreV2" || shape?.kind !== "shape") continue;
    const list = shapes.get(restore) ?? [];
    list[Number(index)] = shape.shape;
    shapes.set(restore, list);
  }
  return shapes;
}

/** What a tensor is before it is passed on or given another shape. */
function behind(tensor: string | undefined, byName: ReadonlyMap<string, NodeDef>): string {
  const node = byName.get((tensor ?? "").split(":")[0] ?? "");
  return node && (node.op === "Identity" || node.op === "Reshape") ? behind(node.inputs[0], byName) : (tensor ?? "");
}

function tensorKey(name: string): string {
  return name.includes(":") ? name : `${name}:0`;
}

function scoped(scope: string, name: string): string {
  return scope ? `${scope}/${name}` : name;
}

/** Names of operations that attributes speak of, in the scope. */
function attrsWithin({ attrs }: NodeDef, scope: string): ReadonlyMap<string, AttrValue> {
  const together = attrs.get("_class");
  if (!scope || together?.kind !== "list") return attrs;
  const items = together.items.map((item): AttrValue => {
    const text = item.kind === "string" ? new TextDecoder().decode(item.value) : "";
    return text.startsWith("loc:@") ? { kind: "string", value: new TextEncoder().encode(`loc:@${scope}/${text.slice(5)}`) } : item;
  });
  return new Map([...attrs, ["_class", { kind: "list", items }]]);
}

function sourceOf({ attrs }: NodeDef): SourceLine | undefined {
  const attr = attrs.get(sourceAttr);
  const found = attr?.kind === "string" ? /^(.*):(\d+)$/.exec(new TextDecoder().decode(attr.value)) : undefined;
  return found?.[1] === undefined ? undefined : { file: found[1], line: Number(found[2]) };
}
