// Which operation each input of a graph leads to, and what stands for those that the graph does not hold.
import type { GraphNode } from "#model/graph";

/** One input of an operation. */
export interface Input {
  /** Index of the producer; -1 where the graph has no such operation. */
  readonly from: number;
  readonly output: number;
  readonly control: boolean;
}

/** So many missing inputs stand in the picture. */
const mostMissing = 10_000;

/** What takes nothing shares one list. */
const none: readonly Input[] = [];

/** Operations by their names; a name that occurs again keeps its first, `again` tells the others. */
export function namesOf(nodes: readonly GraphNode[]): { readonly indexOf: Map<string, number>; readonly again: readonly number[] } {
  const indexOf = new Map<string, number>();
  const again: number[] = [];
  nodes.forEach(({ name }, index) => {
    if (indexOf.has(name)) again.push(index);
    else indexOf.set(name, index);
  });
  return { indexOf, again };
}

/** Splits `^name`, `name:1` or `name`. */
export function parseInput(input: string, indexOf: ReadonlyMap<string, number>): Input {
  const plain = indexOf.get(input);
  if (plain !== undefined) return { from: plain, output: 0, control: false };
  const { name, output, control } = partsOf(input);
  return { from: indexOf.get(name) ?? -1, output, control };
}

/** The inputs of all operations. */
export function inputsOf(nodes: readonly GraphNode[], indexOf: ReadonlyMap<string, number>): Input[][] {
  return nodes.map(({ inputs }) => inputs.map((input) => parseInput(input, indexOf)));
}

/** As `inputsOf`, with stand-ins for what is taken but not there: they are named in `indexOf` and come after all other operations. */
export function inputsWithStandIns(nodes: readonly GraphNode[], indexOf: Map<string, number>): { readonly inputs: readonly (readonly Input[])[]; readonly standIns: readonly GraphNode[] } {
  const standIns: GraphNode[] = [];
  const inputs = nodes.map((node) => node.inputs.length === 0 ? none : node.inputs.map((text): Input => {
    const input = parseInput(text, indexOf);
    if (input.from >= 0 || standIns.length >= mostMissing) return input;
    const { name } = partsOf(text);
    if (name === "") return input;
    const from = nodes.length + standIns.push({ name, op: "", inputs: [], device: "", attrs: new Map(), shapes: [] }) - 1;
    indexOf.set(name, from);
    return { ...input, from };
  }));
  return { inputs: [...inputs, ...standIns.map(() => none)], standIns };
}

function partsOf(input: string): { readonly name: string; readonly output: number; readonly control: boolean } {
  if (input.startsWith("^")) return { name: input.slice(1), output: 0, control: true };
  const [, name = input, output = "0"] = /^(.*):(\d+)$/s.exec(input) ?? [];
  return { name, output: Number(output), control: false };
}
