// Code that restores a checkpoint in TensorFlow 1, TensorFlow 2 or in a script of this library, with what does not fit as comments.
import type { CheckpointContent, Preflight, VariableInfo } from "#model/checkpoint";

/** For which library the code is. */
export type RestoreTarget = "tf1" | "tf2" | "tfjs";

/** What the code is made of. */
export interface RestoreCodeInput {
  /** Absolute prefix of the checkpoint. */
  readonly path: string;
  readonly content: CheckpointContent;
  /** How it fits the program, where that is known. */
  readonly preflight?: Preflight;
}

/** TensorFlow 1's name of a moving average that lies beside its variable. */
const averageSuffix = "/ExponentialMovingAverage";

/** The code as text, ending with a line feed. Names and path are quoted as literals of the language. */
export function restoreCode(target: RestoreTarget, input: RestoreCodeInput): string {
  const comment = target === "tfjs" ? "//" : "#";
  const head = headOf(input).map((line) => `${comment} ${line}`);
  const body = target === "tfjs" ? forScript(input) : target === "tf1" ? forTf1(input) : forTf2(input);
  return `${[...head, ...body].join("\n")}\n`;
}

function headOf({ content, preflight }: RestoreCodeInput): string[] {
  const { variables, format } = content;
  const lines = [`A TensorFlow checkpoint (${format}) with ${variables.length} ${variables.length === 1 ? "variable" : "variables"}.`];
  if (!preflight || preflight.fits) return lines;
  const wrong = [
    ...preflight.missing.map((name) => {
      const likely = preflight.renames.find((rename) => rename.missing === name);
      return `missing in the file: ${name}${likely ? `, likely ${likely.extra} renamed` : ""}`;
    }),
    ...preflight.otherShape.map(({ name, file, program }) => `other shape: ${name} is [${file.join(", ")}] in the file and [${program.join(", ")}] in the program`),
    ...preflight.otherDtype.map(({ name, file, program }) => `other type: ${name} is ${file} in the file and ${program} in the program`),
  ];
  // A name out of a file must not end the comment.
  return [...lines, "It does not fit the program as it is:", ...wrong.map((line) => `  ${line.replaceAll(/[\r\n]/g, " ")}`)];
}

function forTf1({ path, content }: RestoreCodeInput): string[] {
  const averaged = averagesOf(content.variables);
  const average = averaged.length === 0 ? [] : [
    "",
    "# Moving averages in the place of the variables they belong to, as for evaluation:",
    "averages = {",
    ...averaged.map((name) => `    ${python(`${name}${averageSuffix}`)}: own[${python(name)}],`),
    "}",
  ];
  return [
    "import tensorflow.compat.v1 as tf", "",
    "# Build the program's graph first: its variables are taken by their names.",
    "own = {variable.op.name: variable for variable in tf.global_variables()}",
    "wanted = {",
    ...content.variables.map(({ name, shape, dtype }) => `    ${python(name)}: own[${python(name)}],  # ${dtype} [${shape.join(", ")}]`),
    "}",
    ...average, "",
    "with tf.Session() as session:",
    "    session.run(tf.global_variables_initializer())",
    `    tf.train.Saver(wanted).restore(session, ${python(path)})`,
    ...(averaged.length === 0 ? [] : [`    # or: tf.train.Saver(averages).restore(session, ${python(path)})`]),
  ];
}

function forTf2({ path, content }: RestoreCodeInput): string[] {
  if (content.objects) {
    return [
      "import tensorflow as tf", "",
      "# The checkpoint stores objects: build `model` and `optimizer` as they were, under the names of the attributes they had.",
      "checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer)",
      `status = checkpoint.restore(${python(path)})`,
      "status.assert_existing_objects_matched()",
    ];
  }
  return [
    "import tensorflow as tf", "",
    `reader = tf.train.load_checkpoint(${python(path)})`,
    "values = {",
    ...content.variables.map(({ name, shape, dtype }) => `    ${python(name)}: reader.get_tensor(${python(name)}),  # ${dtype} [${shape.join(", ")}]`),
    "}",
    "# `variables`: those of the model, by the names that they have in the file.",
    "for name, variable in variables.items():",
    "    variable.assign(values[name])",
  ];
}

function forScript({ path, content }: RestoreCodeInput): string[] {
  const averaged = averagesOf(content.variables);
  const average = averaged.length === 0 ? [] : [
    "// Moving averages in the place of the variables they belong to:",
    `// const averages = [${averaged.slice(0, 3).map((name) => JSON.stringify(name)).join(", ")}${averaged.length > 3 ? ", …" : ""}]; new Saver({ varList: { [name + ${JSON.stringify(averageSuffix)}]: variable, … } })`,
  ];
  return [
    'import { Saver, Session } from "trainscope";', "",
    "// Build the program's graph first, as its script does.",
    "const session = new Session();",
    `await new Saver().restore(session, ${JSON.stringify(path)});`,
    ...average,
    ...content.variables.map(({ name, shape, dtype }) => `//   ${name.replaceAll(/[\r\n]/g, " ")}: ${dtype} [${shape.join(", ")}]`),
  ];
}

/** Names of the variables whose average is in the file too. */
function averagesOf(variables: readonly VariableInfo[]): string[] {
  const names = new Set(variables.map(({ name }) => name));
  return [...names].filter((name) => names.has(`${name}${averageSuffix}`));
}

/** A string literal of Python: JSON's escapes are Python's too. */
function python(text: string): string {
  return JSON.stringify(text);
}
