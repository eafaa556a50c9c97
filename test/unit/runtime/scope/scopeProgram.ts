// Runs the recorded scope programs of TensorFlow (test/fixtures/scopes) on this runtime and tells what happened.
import * as tf from "@tensorflow/tfjs";
import {
  AUTO_REUSE,
  getGlobalStep,
  initScope,
  PartitionedVariable,
  summary,
  constant,
  constantInitializer,
  controlDependencies,
  ExponentialMovingAverage,
  getDefaultGraph,
  getLocalVariable,
  getOrCreateGlobalStep,
  getVariable,
  getVariableScope,
  graphDefOf,
  group,
  nameScope,
  noOp,
  NotFoundError,
  onesInitializer,
  opOf,
  Operation,
  placeholder,
  ValueError,
  Variable,
  variableScope,
  VariableScope,
  zerosInitializer,
  createGlobalStep,
  tensorName,
  type CustomGetter,
  type GetVariableOptions,
  type NameScopeOptions,
  type Initializer,
  type Reuse,
  type VariableScopeOptions,
} from "#runtime/index";
import { constantOf } from "#runtime/graph/constantValues";
import { outputFor } from "#runtime/graph/record";
import { addKernel } from "#runtime/graph/kernelOperation";
import { outputOf } from "#runtime/graph/graphTensor";
import type { OutputDtype } from "#runtime/graph/dtypes";
import { partitionerOf, plain, regularizerOf, sliceText, type Program, type Statement } from "./scopeWords";

type Thing = tf.Tensor | Operation | VariableScope | string;

/** Where and how a program failed. */
class ProgramError extends Error {
  constructor(
    readonly at: string,
    override readonly cause: unknown,
  ) {
    super(String(cause));
  }
}

/** What a program did, or what TensorFlow says that it does, in one form. */
export interface Outcome {
  readonly trace: readonly unknown[];
  readonly getterCalls: readonly unknown[];
  readonly error: unknown;
  readonly nodes: readonly unknown[];
  readonly collections: Readonly<Record<string, readonly string[]>>;
}

/** What TensorFlow recorded of a program; of an error its class and place, of collections those that hold named things. */
export function expectedOf(program: Program): Outcome {
  const { trace, getter_calls: calls, error, nodes, collections } = program.expect;
  const { cond_context: _contexts, ...named } = collections;
  return {
    trace: trace.map((entry) => ("error" in entry ? { ...entry, error: plainError(entry["error"]) } : entry)),
    getterCalls: calls ?? [],
    error: plainError(error ?? null),
    nodes: comparesNodes(program) ? nodes : [],
    collections: named,
  };
}

/** Runs a program on the default graph, which is empty and traced. */
export function outcomeOf(program: Program): Outcome {
  const run = new ScopeProgram();
  let error: unknown = null;
  try {
    run.run(program.program);
  } catch (failure) {
    if (!(failure instanceof ProgramError)) throw failure;
    error = { type: errorType(failure.cause), at: failure.at };
  }
  const graph = getDefaultGraph();
  const keys = Object.keys(program.expect.collections).filter((key) => key !== "cond_context");
  return {
    trace: run.trace,
    getterCalls: run.getterCalls,
    error,
    nodes: comparesNodes(program) ? run.nodes() : [],
    collections: Object.fromEntries(keys.map((key) => [key, graph.getCollection<tf.Tensor>(key).map(named)])),
  };
}

/** A read of a variable that may have no value yet is one operation here, for averages, and a dozen in TensorFlow. */
function comparesNodes({ program }: Program): boolean {
  return !JSON.stringify(program).includes('"op":"average"');
}

function plainError(error: unknown): unknown {
  if (error === null) return null;
  const { type, at } = error as { type: string; at: string };
  return { type, at };
}

/** One run of a program. */
class ScopeProgram {
  readonly trace: Record<string, unknown>[] = [];
  readonly getterCalls: unknown[] = [];
  readonly #root = getVariableScope();
  readonly #things = new Map<string, Thing>();

  run(statements: readonly Statement[], prefix = "", from = 0): void {
    for (let index = from; index < statements.length; index++) {
      const statement = statements[index] as Statement;
      const at = `${prefix}${index}`;
      try {
        if (statement.op === "open") return this.#open(statements, prefix, index);
        if (statement.op === "close") return this.#closed.push([statements, prefix, index + 1]) as unknown as void;
        this.#statement(statement, at);
      } catch (error) {
        throw error instanceof ProgramError ? error : new ProgramError(at, error);
      }
    }
  }

  readonly #closed: [readonly Statement[], string, number][] = [];

  /** What lies between open and close is a callback here; what follows the close goes on outside of it. */
  #open(statements: readonly Statement[], prefix: string, index: number): void {
    const statement = statements[index] as Statement;
    variableScope(String(statement["name"]), (scope) => {
      this.#keep(statement, scope);
      this.run(statements, prefix, index + 1);
    });
    const rest = this.#closed.pop();
    if (rest) this.run(...rest);
  }

  /** [name, type, inputs] of the whole graph, as its file has them. */
  nodes(): unknown[] {
    const graph = getDefaultGraph();
    return graphDefOf(graph).nodes.map(({ name, op, inputs }) => [name, op, inputs]);
  }

  #statement(statement: Statement, at: string): void {
    const name = statement["name"] as string | undefined;
    switch (statement.op) {
      case "unique_name": {
        const markAsUsed = statement["mark"] !== false;
        this.#record(at, { unique_name: getDefaultGraph().uniqueName(name ?? "", { markAsUsed }) });
        return;
      }
      case "graph_name_scope":
      case "name_scope": return this.#nameScope(statement, at);
      case "variable_scope": return this.#variableScope(statement, at);
      case "control_dependencies": {
        const inputs = statement["inputs"] as readonly unknown[] | null;
        const items = inputs?.map((input) => this.#dependency(input)) ?? null;
        controlDependencies(items, () => this.run(statement.body ?? [], `${at}.`));
        return;
      }
      case "try": {
        try {
          this.run(statement.body ?? [], `${at}.`);
          this.#record(at, { error: null });
        } catch (error) {
          if (!(error instanceof ProgramError)) throw error;
          this.#record(at, { error: { type: errorType(error.cause), at: error.at } });
        }
        return;
      }
      // A thread begins at the root; control dependencies belong to the graph.
      case "task": return nameScope("", () => variableScope(this.#root, () => this.run(statement.body ?? [], `${at}.`)));
      case "init_scope": {
        this.#record(at, { name_scope: getDefaultGraph().nameScope });
        return initScope(() => this.run(statement.body ?? [], `${at}.`));
      }
      case "finalize": return getDefaultGraph().finalize();
      case "add_to_collection": return getDefaultGraph().addToCollection(String(statement["key"]), this.#tensor(statement["value"]));
      case "reuse_variables": return this.#scopeOf(statement["scope"]).reuseVariables();
      default: return statement.op.startsWith("set_") ? this.#set(getVariableScope(), statement) : this.#maker(statement, at);
    }
  }

  #set(scope: VariableScope, statement: Statement): void {
    switch (statement.op) {
      case "set_dtype": return void (scope.dtype = statement["dtype"] as OutputDtype);
      case "set_initializer": return void (scope.initializer = this.#initializer(statement["initializer"]) as Initializer);
      case "set_regularizer": return void (scope.regularizer = regularizerOf(statement["regularizer"]));
      case "set_partitioner": return void (scope.partitioner = partitionerOf(statement["partitioner"]));
      case "set_custom_getter": return void (scope.customGetter = this.#getter(statement["custom_getter"]));
      default: throw new Error(`no such statement: ${statement.op}`);
    }
  }

  #maker(statement: Statement, at: string): void {
    const name = this.#text(statement["name"]);
    const references = statement.op === "group" ? [] : ((statement["inputs"] as readonly unknown[] | undefined) ?? []);
    const inputs = references.map((input) => this.#tensor(input));
    const [first] = inputs;
    switch (statement.op) {
      case "constant": {
        const dtype = statement["whole"] === true ? "int32" : "float32";
        return this.#node(statement, at, constant((statement["value"] as number | undefined) ?? 1, { name, dtype }));
      }
      case "scalar_summary": return this.#summary(statement, at, first as tf.Tensor);
      case "placeholder": return this.#node(statement, at, placeholder("float32", { shape: [], name }));
      case "identity": return this.#node(statement, at, kernel("Identity", { x: first }, name));
      case "add": return this.#node(statement, at, kernel("Add", { a: first, b: inputs[1] ?? first }, name ?? "Add"));
      case "multiply": return this.#node(statement, at, kernel("Multiply", { a: first, b: inputs[1] ?? first }, name ?? "Mul"));
      case "split": return this.#split(statement, at, first as tf.Tensor);
      case "no_op": return this.#node(statement, at, noOp({ name }));
      case "group": return this.#node(statement, at, group((statement["inputs"] as unknown[]).map((each) => this.#dependency(each)), { name }));
      case "read_value": return this.#node(statement, at, (first as Variable).readValue());
      case "assign_add": return this.#node(statement, at, (first as Variable).assignAdd((statement["value"] as number | undefined) ?? 1));
      case "average": return this.#average(statement, at);
      default: return this.#variables(statement, at);
    }
  }

  #variables(statement: Statement, at: string): void {
    const name = statement["name"] as string | undefined;
    const options: GetVariableOptions = {
      shape: statement["shape"] as number[] | undefined,
      initializer: this.#initializer(statement["initializer"]),
      dtype: statement["dtype"] as OutputDtype | undefined,
      trainable: statement["trainable"] as boolean | undefined,
      collections: statement["collections"] as string[] | undefined,
      useResource: statement["use_resource"] as boolean | undefined,
      regularizer: regularizerOf(statement["regularizer"]),
      partitioner: partitionerOf(statement["partitioner"]),
      customGetter: this.#getter(statement["custom_getter"]),
    };
    switch (statement.op) {
      case "get_variable": return this.#variable(statement, at, getVariable(name ?? "", options));
      case "get_local_variable": return this.#variable(statement, at, getLocalVariable(name ?? "", options));
      case "variable": {
        const dtype = statement["whole"] === true ? "int32" : undefined;
        return this.#variable(statement, at, new Variable((statement["value"] as number | undefined) ?? 1, { name, dtype, useResource: options.useResource }));
      }
      case "create_global_step": return this.#variable(statement, at, createGlobalStep());
      case "get_or_create_global_step": {
        const known = getDefaultGraph().getCollection<tf.Tensor>("global_step")[0] instanceof Variable;
        const byName = !known && getGlobalStep() !== undefined;
        return this.#variable(statement, at, getOrCreateGlobalStep(), byName);
      }
      case "current_scope": {
        this.#keep(statement, getVariableScope());
        return this.#record(at, describeScope(getVariableScope()));
      }
      case "scope_variables": {
        const scope = this.#scopeOf(statement["scope"]);
        return this.#record(at, { globals: scope.globalVariables().map(named), trainable: scope.trainableVariables().map(named) });
      }
      case "get_collection": {
        const values = getDefaultGraph().getCollection<Variable>(String(statement["key"]), statement["scope"] as string | undefined);
        return this.#record(at, { collection: values.map(named) });
      }
      default: throw new Error(`no such statement: ${statement.op}`);
    }
  }

  #nameScope(statement: Statement, at: string): void {
    const given = typeof statement["name"] === "object" ? this.#text(statement["name"]) : (statement["name"] as string);
    const options: NameScopeOptions = {
      ...(statement["default_name"] !== undefined && { defaultName: plain(statement["default_name"]) as string }),
      ...(statement["values"] !== undefined && { values: statement["values"] as tf.Tensor[] }),
    };
    nameScope(given ?? (plain(statement["name"]) as string | null), options, (scope) => {
      this.#keep(statement, scope);
      this.#record(at, { name_scope: scope });
      this.run(statement.body ?? [], `${at}.`);
    });
  }

  #variableScope(statement: Statement, at: string): void {
    const given = statement["name"];
    const scope = typeof given === "object" && given !== null ? this.#scopeOrText(given) : (given as string | null);
    const reuse: Reuse | undefined = statement["reuse"] === "AUTO_REUSE" ? AUTO_REUSE : (statement["reuse"] as boolean | undefined);
    const options: VariableScopeOptions = {
      reuse,
      defaultName: statement["default_name"] as string | undefined,
      dtype: statement["dtype"] as OutputDtype | undefined,
      initializer: this.#initializer(statement["initializer"]) as Initializer | undefined,
      useResource: statement["use_resource"] as boolean | undefined,
      regularizer: regularizerOf(statement["regularizer"]),
      partitioner: partitionerOf(statement["partitioner"]),
      customGetter: this.#getter(statement["custom_getter"]),
      auxiliaryNameScope: statement["auxiliary_name_scope"] as boolean | undefined,
    };
    variableScope(scope, options, (opened) => {
      this.#keep(statement, opened);
      this.#record(at, describeScope(opened));
      this.run(statement.body ?? [], `${at}.`);
    });
  }

  #average(statement: Statement, at: string): void {
    const ema = new ExponentialMovingAverage({
      decay: 0.9,
      zeroDebias: statement["zero_debias"] === true,
      ...(statement["name"] !== undefined && { name: String(statement["name"]) }),
    });
    const items = (statement["inputs"] as readonly unknown[]).map((input) => this.#tensor(input));
    const before = items.map((item) => ema.averageName(item));
    const operation = ema.apply(items);
    this.#keep(statement, operation);
    this.#record(at, {
      names_before: before,
      names: items.map((item) => ema.averageName(item)),
      averages: items.map((item) => ema.average(item)?.name),
      node: operation.name,
      to_restore: [...ema.variablesToRestore().keys()].sort(),
    });
  }

  #split(statement: Statement, at: string, x: tf.Tensor): void {
    const { operation } = addKernel(getDefaultGraph(), {
      kernel: "Unpack",
      inputs: [["value", outputOf(x)]],
      attrs: { axis: 0 },
    });
    operation.outputs.forEach((output, index) => this.#things.set(`${String(statement["as"])}${index}`, output.tensor));
    this.#record(at, describeNode(operation));
  }

  #node(statement: Statement, at: string, made: tf.Tensor | Operation): void {
    const [output] = made instanceof Operation ? made.outputs : [];
    this.#keep(statement, output?.tensor ?? made);
    this.#record(at, describeNode(made instanceof Operation ? made : opOf(made)));
  }

  /** `asTensor`: TensorFlow found it by its name and got the tensor, which says nothing of training. */
  #variable(statement: Statement, at: string, made: tf.Tensor, asTensor = false): void {
    this.#keep(statement, made);
    const { shape } = made;
    if (made instanceof PartitionedVariable) {
      const parts = made.parts.map((part) => [part.name, part.shape, sliceText(part)]);
      this.#record(at, { variable: made.name, shape, dtype: made.declaredDtype, parts });
    } else if (made instanceof Variable) {
      const { name, declaredDtype: dtype, trainable } = made;
      this.#record(at, { variable: name, shape, dtype, ...(!asTensor && { trainable }) });
    } else this.#record(at, { variable: tensorName(made), shape, dtype: outputOf(made).dtype });
  }

  #summary(statement: Statement, at: string, x: tf.Tensor): void {
    const { name, family, collections } = statement as unknown as { name: string; family?: string; collections?: string[] };
    const operation = opOf(summary.scalar(name, x, { ...(family !== undefined && { family }), ...(collections && { collections }) }));
    const [tag] = operation.inputs.map((input) => constantOf(input.operation)?.values[0]);
    this.#record(at, { node: operation.name, type: operation.type, tag: new TextDecoder().decode(tag as Uint8Array) });
  }

  #getter(given: unknown): CustomGetter | undefined {
    if (given === undefined) return undefined;
    if (typeof given !== "object" || given === null) return given as CustomGetter;
    const { label, rename = "", twice = false } = given as { label: string; rename?: string; twice?: boolean };
    return (getter, name, options) => {
      this.getterCalls.push([label, name, Boolean(options.reuse)]);
      if (!twice) return getter(name + rename, options);
      return tf.add(getter(`${name}/0`, options), getter(`${name}/1`, options));
    };
  }

  #record(at: string, what: Record<string, unknown>): void {
    this.trace.push({ at, ...what });
  }

  #keep(statement: Statement, thing: Thing): void {
    if (typeof statement["as"] === "string") this.#things.set(statement["as"], thing);
  }

  #initializer(given: unknown): GetVariableOptions["initializer"] {
    if (given === undefined || given === null) return undefined;
    const [[kind, value], whole] = Object.entries(given as object) as [[string, number | string], unknown?];
    // In Python a number without a point is an int32.
    if (kind === "value" && whole) return tf.scalar(Number(value), "int32");
    if (kind === "zeros") return zerosInitializer();
    if (kind === "ones") return onesInitializer();
    if (kind === "constant") return constantInitializer(Number(value));
    if (kind === "no_argument") return (() => constant(Number(value))) as Initializer;
    if (kind === "needs_argument") return (shape) => constant(1, { shape });
    return kind === "tensor" ? this.#tensor(value) : Number(value);
  }

  #tensor(reference: unknown): tf.Tensor {
    const thing = this.#things.get(String(reference));
    if (!(thing instanceof tf.Tensor)) throw new TypeError(`${String(reference)} is no tensor`);
    return thing;
  }

  #dependency(reference: unknown): tf.Tensor | Operation | string {
    if (typeof reference === "object" && reference !== null) return this.#text(reference) ?? (reference as never);
    const [name = "", op] = String(reference).split(":op");
    const thing = this.#things.get(name);
    if (thing === undefined || thing instanceof VariableScope) throw new TypeError(`${name} is no dependency`);
    return op === undefined || !(thing instanceof tf.Tensor) ? thing : thing instanceof Variable ? thing.op : opOf(thing);
  }

  #scopeOf(reference: unknown): VariableScope {
    if (reference === undefined) return getVariableScope();
    const scope = this.#things.get(String(reference));
    if (!(scope instanceof VariableScope)) throw new TypeError(`${String(reference)} is no scope`);
    return scope;
  }

  #scopeOrText(reference: object): VariableScope | string {
    const { ref } = reference as { ref?: string };
    return ref === undefined ? (plain(reference) as string) : this.#scopeOf(ref);
  }

  #text(given: unknown): string | undefined {
    if (typeof given === "string") return given;
    if (typeof given !== "object" || given === null) return undefined;
    const { ref, attr, text } = given as { ref?: string; attr?: string; text?: string };
    if (text !== undefined) return text;
    const thing = this.#things.get(ref ?? "");
    if (attr === "original_name_scope" && thing instanceof VariableScope) return thing.originalNameScope;
    if (attr === "name" && thing instanceof VariableScope) return thing.name;
    return typeof thing === "string" ? thing : undefined;
  }
}

/** The name in Python of an error's class. */
function errorType(error: unknown): string {
  if (error instanceof ValueError) return "ValueError";
  if (error instanceof NotFoundError) return "KeyError";
  if (error instanceof TypeError) return "TypeError";
  return "RuntimeError";
}

function kernel(name: string, inputs: Record<string, tf.Tensor | undefined>, opName: string | undefined): Operation {
  const pairs = Object.entries(inputs).map(([key, tensor]) => {
    const read = `${opName ?? name}/ReadVariableOp`;
    const output = tensor instanceof Variable ? tensor.readOutput(read) : outputFor(getDefaultGraph(), tensor as tf.Tensor);
    return [key, output] as const;
  });
  return addKernel(getDefaultGraph(), { kernel: name, inputs: pairs, ...(opName !== undefined && { name: opName }) }).operation;
}

function describeNode({ name, type, controlInputs, inputs }: Operation): Record<string, unknown> {
  return { node: name, type, control: controlInputs.map((each) => each.name), inputs: inputs.map((each) => each.name) };
}

function describeScope(scope: VariableScope): Record<string, unknown> {
  return {
    variable_scope: scope.name,
    original_name_scope: scope.originalNameScope,
    name_scope: getDefaultGraph().nameScope,
    reuse: scope.reuse === AUTO_REUSE ? "AUTO_REUSE" : scope.reuse,
    dtype: scope.dtype,
  };
}

function named(value: tf.Tensor): string {
  return value instanceof Variable ? value.name : tensorName(value);
}
