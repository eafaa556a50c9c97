// A node of a graph's file as the reader of its type sees it: inputs are operations already, attributes by kind.
import type { AttrValue, NodeDef } from "#formats/graphDef/graphDef";
import { dtypeName } from "#formats/tensor/dtypes";
import type { HostConstant } from "./constantValues";
import type { OutputDtype } from "./dtypes";
import { ValueError } from "./errors";
import { knownValue } from "./knownValues";
import type { KernelCall, Operation, OperationBehaviour, Output } from "./operation";

/** What an operation that is read from a file does. */
export type ReadNode = OperationBehaviour & {
  readonly kernel?: KernelCall;
  readonly early?: boolean;
  /** Tells others of the operation once it is made. */
  readonly made?: (operation: Operation) => void;
};

/** Says what a node of one type does; undefined where a kernel does it. Throws a ValueError where it asks for what is not offered here. */
export type NodeReader = (node: FileNode) => ReadNode | undefined;

/** Readers by TensorFlow's type of operation. */
export type NodeReaders = Readonly<Record<string, NodeReader | undefined>>;

/** A node and its inputs. */
export class FileNode {
  constructor(
    readonly def: NodeDef,
    readonly inputs: readonly Output[],
    /** Shapes that outputs must have where the file's own does not tell. */
    private readonly wantedShapes: readonly (readonly number[] | undefined)[] = [],
  ) {}

  get type(): string {
    return this.def.op;
  }

  /** An input that every node of the type has. */
  input(index: number): Output {
    const input = this.inputs[index];
    if (!input) throw this.#refusal(`lacks its input ${index}`);
    return input;
  }

  /** What an input is, for those that decide about shapes: it must be known while the graph is built. */
  constant(index: number): HostConstant {
    const input = this.input(index);
    const known = knownValue(input);
    if (!known) throw this.#refusal(`takes its input ${index} from ${input.name}, whose value is not known before a run`);
    return known;
  }

  /** A constant input as numbers. */
  numbers(index: number): number[] {
    return Array.from(this.constant(index).values as ArrayLike<number>, Number);
  }

  /** A constant input as one number. */
  number(index: number): number {
    const [value] = this.numbers(index);
    if (value === undefined) throw this.#refusal(`takes one number as its input ${index}`);
    return value;
  }

  int(name: string, otherwise = 0): number {
    const attr = this.def.attrs.get(name);
    return attr?.kind === "int" ? Number(attr.value) : otherwise;
  }

  float(name: string, otherwise = 0): number {
    const attr = this.def.attrs.get(name);
    return attr?.kind === "float" ? attr.value : otherwise;
  }

  bool(name: string, otherwise = false): boolean {
    const attr = this.def.attrs.get(name);
    return attr?.kind === "bool" ? attr.value : otherwise;
  }

  text(name: string, otherwise = ""): string {
    const attr = this.def.attrs.get(name);
    return attr?.kind === "string" ? new TextDecoder().decode(attr.value) : otherwise;
  }

  dtype(name: string): OutputDtype {
    const attr = this.def.attrs.get(name);
    if (attr?.kind !== "type") throw this.#refusal(`has no type ${name}`);
    return dtypeName(attr.type) as OutputDtype;
  }

  list(name: string): readonly AttrValue[] {
    const attr = this.def.attrs.get(name);
    return attr?.kind === "list" ? attr.items : [];
  }

  /** The whole numbers of a list. */
  ints(name: string): number[] {
    return this.list(name).map((item) => (item.kind === "int" ? Number(item.value) : 0));
  }

  /** The types of a list. */
  dtypes(name: string): OutputDtype[] {
    return this.list(name).map((item) => (item.kind === "type" ? (dtypeName(item.type) as OutputDtype) : "float32"));
  }

  /** A shape all of whose lengths are known. */
  shape(name: string): number[] {
    const attr = this.def.attrs.get(name);
    return this.#known(attr?.kind === "shape" ? attr.shape : undefined, `the shape ${name}`);
  }

  /** The shape of an output, as the file tells it. */
  outputShape(index: number): number[] {
    const item = this.list("_output_shapes")[index];
    const told = item?.kind === "shape" && item.shape?.every((length) => length >= 0) ? item.shape : undefined;
    return this.#known(told ?? this.wantedShapes[index], `the shape of its output ${index}`);
  }

  /** The node cannot be run here, and why. */
  refuse(why: string): never {
    throw this.#refusal(why);
  }

  #known(shape: readonly number[] | undefined, what: string): number[] {
    if (shape?.every((length) => length >= 0)) return [...shape];
    throw this.#refusal(`leaves ${what} open, and shapes are fixed here: give another tensor for it with inputMap`);
  }

  #refusal(why: string): ValueError {
    return new ValueError(`${this.def.name} (${this.def.op}) ${why}.`);
  }
}
