// Runs the recorded scope programs of TensorFlow (test/fixtures/scopes) on this runtime and tells what happened.
import * as tf from "@tensorflow/tfjs";
import {
  AUTO_REUSE,
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
  type GetVariableOptions,
  type Initializer,
  type Reuse,
  type VariableScopeOptions,
} from "#runtime/index";
import { addKernel } from "#runtime/graph/kernelOperation";
import { outputOf } from "#runtime/graph/graphTensor";
import type { OutputDtype } from "#runtime/graph/dtypes";

/** One statement of a program; its fields depend on `op`. */
export type Statement = { readonly op: string; readonly body?: readonly Statement[] } & Readonly<Record<string, unknown>>;

export interface Program {
  readonly id: string;
  readonly program: readonly Statement[];
  readonly expect: {
    readonly trace: readonly Record<string, unknown>[];
    readonly nodes: readonly (readonly [string, string, readonly string[]])[];
    readonly collections: Readonly<Record<string, readonly string[]>>;
    readonly error?: { readonly type: string; readonly at: string } | null;
  };
}

/** Statements of programs that need what the runtime does not have yet. */
const unsupported = new Set(["task", "init_scope", "open", "close", "scalar_summary", "set_regularizer"]);
const unsupportedFields = ["regularizer", "partitioner", "values", "custom_getter"];

/** Whether every statement of a program is supported. */
export function isSupported(statements: readonly Statement[]): boolean {
  return statements.every(
    (each) =>
      !unsupported.has(each.op) &&
      !unsupportedFields.some((field) => field in each) &&
      !Object.values(each).some((value) => typeof value === "object" && value !== null && "number" in value) &&
      isSupported(each.body ?? []),
  );
}

type Thing = tf.Tensor | Operation | VariableScope | string;

/** Where and how a program failed. */
export class ProgramError extends Error {
  constructor(
    readonly at: string,
    override readonly cause: unknown,
  ) {
    super(String(cause));
  }
}

/** One run of a program. */
export class ScopeProgram {
  readonly trace: Record<string, unknown>[] = [];
  readonly #things = new Map<string, Thing>();

  run(statements: readonly Statement[], prefix = ""): void {
    statements.forEach((statement, index) => {
      const at = `${prefix}${index}`;
      try {
        this.#statement(statement, at);
      } catch (error) {
        throw error instanceof ProgramError ? error : new ProgramError(at, error);
      }
    });
  }

  /** [name, type, inputs] of the whole graph without the constants that only the file has. */
  nodes(): unknown[] {
    const graph = getDefaultGraph();
    return graphDefOf(graph).nodes.filter(({ name }) => graph.findOperation(name)).map(({ name, op, inputs }) => [name, op, inputs]);
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
      case "finalize": return getDefaultGraph().finalize();
      case "reuse_variables": return this.#scopeOf(statement["scope"]).reuseVariables();
      case "set_dtype": return void (getVariableScope().dtype = statement["dtype"] as OutputDtype);
      case "set_initializer": return void (getVariableScope().initializer = this.#initializer(statement["initializer"]) as Initializer);
      default: return this.#maker(statement, at);
    }
  }

  #maker(statement: Statement, at: string): void {
    const name = this.#text(statement["name"]);
    const references = statement.op === "group" ? [] : ((statement["inputs"] as readonly unknown[] | undefined) ?? []);
    const inputs = references.map((input) => this.#tensor(input));
    const [first] = inputs;
    switch (statement.op) {
      case "constant": return this.#node(statement, at, constant((statement["value"] as number | undefined) ?? 1, { name }));
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
    const options = {
      shape: statement["shape"] as number[] | undefined,
      initializer: this.#initializer(statement["initializer"]),
      dtype: statement["dtype"] as OutputDtype | undefined,
      trainable: statement["trainable"] as boolean | undefined,
      collections: statement["collections"] as string[] | undefined,
      useResource: statement["use_resource"] as boolean | undefined,
    };
    switch (statement.op) {
      case "get_variable": return this.#variable(statement, at, getVariable(name ?? "", options));
      case "get_local_variable": return this.#variable(statement, at, getLocalVariable(name ?? "", options));
      case "variable": return this.#variable(statement, at, new Variable((statement["value"] as number | undefined) ?? 1, { name, useResource: options.useResource }));
      case "create_global_step": return this.#variable(statement, at, createGlobalStep() as unknown as Variable);
      case "get_or_create_global_step": return this.#variable(statement, at, getOrCreateGlobalStep() as unknown as Variable);
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
    const given = this.#text(statement["name"]) ?? (statement["default_name"] as string | undefined);
    nameScope(given ?? "", (scope) => {
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

  #variable(statement: Statement, at: string, variable: Variable): void {
    this.#keep(statement, variable);
    const { name, shape, declaredDtype: dtype, trainable } = variable;
    this.#record(at, { variable: name, shape, dtype, trainable });
  }

  #record(at: string, what: Record<string, unknown>): void {
    this.trace.push({ at, ...what });
  }

  #keep(statement: Statement, thing: Thing): void {
    if (typeof statement["as"] === "string") this.#things.set(statement["as"], thing);
  }

  #initializer(given: unknown): GetVariableOptions["initializer"] {
    if (given === undefined || given === null) return undefined;
    const [[kind, value]] = Object.entries(given as object) as [[string, number | string]];
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
    return ref === undefined ? (this.#text(reference) ?? "") : this.#scopeOf(ref);
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
export function errorType(error: unknown): string {
  if (error instanceof ValueError) return "ValueError";
  if (error instanceof NotFoundError) return "KeyError";
  if (error instanceof TypeError) return "TypeError";
  return "RuntimeError";
}

function kernel(name: string, inputs: Record<string, tf.Tensor | undefined>, opName: string | undefined): Operation {
  const pairs = Object.entries(inputs).map(([key, tensor]) => {
    const read = `${opName ?? name}/ReadVariableOp`;
    const output = tensor instanceof Variable ? tensor.readOutput(read) : outputOf(tensor as tf.Tensor);
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
