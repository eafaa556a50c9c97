// The object graph of a TF2 or Keras checkpoint: which object a key belongs to, and which slots belong to which variable (formats 12).
import { FormatError } from "#base/errors";
import { WireReader } from "../bytes/wireReader";

/** Key under which a bundle holds the graph, as a string tensor of one element. */
export const objectGraphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";

/** A stored value of an object. */
export interface ObjectAttribute {
  readonly name: string;
  /** The variable's name in the program; empty where the writer told none. */
  readonly fullName: string;
  /** The tensor's name in the bundle. */
  readonly key: string;
}

/** What an optimizer keeps for a variable; both are numbers of nodes. */
export interface ObjectSlot {
  readonly slotName: string;
  readonly variable: number;
  readonly slot: number;
}

/** One object. */
export interface ObjectNode {
  /** Numbers of nodes by the attribute's name. */
  readonly children: ReadonlyMap<string, number>;
  readonly attributes: readonly ObjectAttribute[];
  readonly slots: readonly ObjectSlot[];
}

/** All objects; the first is the root. Objects may contain each other. */
export interface ObjectGraph {
  readonly nodes: readonly ObjectNode[];
}

/** A tensor of the bundle in the program's words. */
export interface ObjectTensor {
  readonly key: string;
  readonly fullName: string;
  /** Only for slots: of which variable (by its key, where it was saved), and which. */
  readonly slot?: { readonly name: string; readonly variableKey?: string };
}

/** Reads a serialized TrackableObjectGraph. Throws FormatError for damage and for nodes that are not there. */
export function decodeObjectGraph(bytes: Uint8Array): ObjectGraph {
  const reader = new WireReader(bytes);
  const nodes: ObjectNode[] = [];
  while (reader.next()) {
    if (reader.field === 1) nodes.push(readNode(reader.message()));
    else reader.skip();
  }
  for (const { children, slots } of nodes) {
    const named = [...children.values(), ...slots.flatMap(({ variable, slot }) => [variable, slot])];
    const lost = named.find((node) => node < 0 || node >= nodes.length);
    if (lost !== undefined) throw new FormatError("malformed", "the object graph names an object that it does not hold", { wanted: nodes.length, got: lost });
  }
  return { nodes };
}

/** Every stored tensor with its full name, and for slots the variable; in the order of the objects. */
export function tensorsOfObjects({ nodes }: ObjectGraph): ObjectTensor[] {
  const slots = new Map<number, ObjectTensor["slot"]>();
  for (const { slots: ofOptimizer } of nodes) {
    for (const { slotName, variable, slot } of ofOptimizer) {
      const variableKey = nodes[variable]?.attributes[0]?.key;
      slots.set(slot, { name: slotName, ...(variableKey !== undefined && { variableKey }) });
    }
  }
  return nodes.flatMap(({ attributes }, node) => {
    const slot = slots.get(node);
    return attributes.map(({ key, fullName }): ObjectTensor => ({ key, fullName, ...(slot && { slot }) }));
  });
}

function readNode(reader: WireReader): ObjectNode {
  const children = new Map<string, number>();
  const attributes: ObjectAttribute[] = [];
  const slots: ObjectSlot[] = [];
  while (reader.next()) {
    if (reader.field === 1) readChild(reader.message(), children);
    else if (reader.field === 2) attributes.push(readAttribute(reader.message()));
    else if (reader.field === 3) slots.push(readSlot(reader.message()));
    else reader.skip();
  }
  return { children, attributes, slots };
}

function readChild(reader: WireReader, children: Map<string, number>): void {
  let node = 0;
  let name = "";
  while (reader.next()) {
    if (reader.field === 1) node = reader.int32();
    else if (reader.field === 2) name = reader.string();
    else reader.skip();
  }
  children.set(name, node);
}

function readAttribute(reader: WireReader): ObjectAttribute {
  const found = { name: "", fullName: "", key: "" };
  while (reader.next()) {
    if (reader.field === 1) found.name = reader.string();
    else if (reader.field === 2) found.fullName = reader.string();
    else if (reader.field === 3) found.key = reader.string();
    else reader.skip();
  }
  return found;
}

function readSlot(reader: WireReader): ObjectSlot {
  const found = { slotName: "", variable: 0, slot: 0 };
  while (reader.next()) {
    if (reader.field === 1) found.variable = reader.int32();
    else if (reader.field === 2) found.slotName = reader.string();
    else if (reader.field === 3) found.slot = reader.int32();
    else reader.skip();
  }
  return found;
}
