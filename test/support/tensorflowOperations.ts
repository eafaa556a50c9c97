// What TensorFlow would refuse in a graph, by its own list of operations (test/fixtures/tensorflow/operations.json.gz).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { AttrValue, GraphDef, NodeDef } from "#formats/graphDef/graphDef";
import { dtypeName } from "#formats/tensor/dtypes";

interface Argument {
  readonly name: string;
  /** The attribute with how many tensors it is. */
  readonly number?: string;
  /** The attribute with the types of its tensors. */
  readonly list?: string;
  /** The attribute with its type. */
  readonly of?: string;
  readonly type?: string;
  /** A variable in place. */
  readonly ref?: boolean;
}

interface Attribute {
  readonly kind: string;
  readonly optional?: boolean;
  /** The type that it is where it is left out. */
  readonly default?: string;
  readonly allowed?: readonly string[];
  readonly minimum?: number;
}

interface OperationDef {
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  readonly attrs: Readonly<Record<string, Attribute>>;
}

const packed = readFileSync(join(import.meta.dirname, "../fixtures/tensorflow/operations.json.gz"));
const definitions = new Map(Object.entries(JSON.parse(gunzipSync(packed).toString("utf8")) as Record<string, OperationDef>));

/** One line for everything in the graph that an import into TensorFlow would stumble over; `own` are types that are ours alone. */
export function refusalsOf({ nodes }: GraphDef, own: readonly string[] = []): string[] {
  const checked = nodes.filter(({ op }) => !own.includes(op));
  const outputs = new Map(nodes.map((node) => [node.name, definitions.has(node.op) ? typesOf(node, "outputs") : undefined]));
  return checked.flatMap((node) => refusalsOfNode(node, outputs).map((why) => `${node.name} (${node.op}) ${why}`));
}

function refusalsOfNode(node: NodeDef, outputs: ReadonlyMap<string, readonly string[] | undefined>): string[] {
  const definition = definitions.get(node.op);
  if (!definition) return ["is no operation of TensorFlow"];
  const refusals = Object.entries(definition.attrs).flatMap(([name, wanted]) => attributeRefusals(name, wanted, node.attrs.get(name)));
  const unknown = [...node.attrs.keys()].filter((name) => !name.startsWith("_") && !(name in definition.attrs));
  refusals.push(...unknown.map((name) => `has an attribute ${name}`));
  if (refusals.length > 0) return refusals;
  const wanted = typesOf(node, "inputs");
  const given = node.inputs.filter((input) => !input.startsWith("^"));
  if (given.length !== wanted.length) return [`has ${given.length} inputs, not ${wanted.length}`];
  return given.flatMap((input, at) => {
    const [name = "", index = "0"] = input.split(":");
    const types = outputs.get(name);
    const got = types?.[Number(index)];
    // Whose operation is ours alone has types that the list does not tell.
    if (outputs.has(name) && types === undefined) return [];
    return got === wanted[at] ? [] : [`takes ${wanted[at]} as its input ${at}, and ${input} is ${got ?? "absent"}`];
  });
}

function attributeRefusals(name: string, wanted: Attribute, got: AttrValue | undefined): string[] {
  if (!got) return wanted.optional ? [] : [`lacks the attribute ${name}`];
  const kind = /^list/.test(wanted.kind) ? "list" : wanted.kind;
  if (got.kind !== kind) return [`has ${name} as ${got.kind}, not ${wanted.kind}`];
  const value = valueOf(got);
  if (wanted.allowed && typeof value === "string" && !wanted.allowed.includes(value)) return [`cannot have ${value} as ${name}`];
  const size = got.kind === "list" ? got.items.length : value;
  return wanted.minimum !== undefined && typeof size === "number" && size < wanted.minimum ? [`has ${size} as ${name}, at least ${wanted.minimum}`] : [];
}

function valueOf(attr: AttrValue): string | number | undefined {
  switch (attr.kind) {
    case "type": return nameOf(attr.type);
    case "string": return new TextDecoder().decode(attr.value);
    case "int": return Number(attr.value);
    default: return undefined;
  }
}

/** A type by its name, whether or not it is one in place (codes above 100). */
function nameOf(code: number): string {
  return dtypeName(code > 100 ? code - 100 : code) ?? `type ${code}`;
}

/** The types of a node's inputs or outputs, one of each tensor. */
function typesOf({ op, attrs }: NodeDef, which: "inputs" | "outputs"): string[] {
  const definition = definitions.get(op);
  return (definition?.[which] ?? []).flatMap((argument) => {
    if (argument.list !== undefined) {
      const list = attrs.get(argument.list);
      return list?.kind === "list" ? list.items.map((item) => (item.kind === "type" ? nameOf(item.type) : "")) : [];
    }
    const attr = argument.of === undefined ? undefined : attrs.get(argument.of);
    const type = argument.type ?? (attr?.kind === "type" ? nameOf(attr.type) : definition?.attrs[argument.of ?? ""]?.default ?? "");
    const count = argument.number === undefined ? undefined : attrs.get(argument.number);
    return new Array<string>(count?.kind === "int" ? Number(count.value) : 1).fill(type);
  });
}
