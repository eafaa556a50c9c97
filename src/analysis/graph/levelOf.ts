// One scope of a graph, opened: its boxes with their facts, and the edges between them.
import { UserError } from "#base/errors";
import type { GraphLevel, LevelEdge, LevelNode } from "#model/graph";
import { letters } from "./alike";
import { asideOf } from "./aside";
import { boxesOf, kindOf, type Box } from "./box";
import { bundleEdges, linksOf, type Bundles, type LevelPlace } from "./bundles";
import { constantsInReaders, type ConstantsInReaders } from "./constantsInReaders";
import { eachStep } from "./eachStep";
import { isQueue, isTrainingUpdate } from "./operationKinds";
import { liesInTrainer, restingParts } from "./resting";
import { givesVariable, isMissing, type Scope, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

/**
 * Opens a scope by its full name; "" opens the whole graph. Boxes come in the order in which the graph made them. Between boxes of
 * each step, what runs at other times draws no edge. Throws UserError for a name that is no scope.
 */
export function levelOf(tree: ScopeTree, name: string): GraphLevel {
  const scope = tree.scopes.get(name);
  if (!scope) throw new UserError(`There is no scope “${name}” in this graph.`);
  const level = boxesOf(tree, scope);
  const { boxes } = level;
  const aside = asideOf(tree, boxes, linksOf({ tree, ...level }));
  const bundles = bundleEdges({ tree, scope, ...level, crosses: forwardOnly(tree, scope), counts: eachStepOnly(tree, boxes) });
  const kinds = new Map(boxes.map((box) => [box, kindOf(tree, box)]));
  const scopes = boxes.filter((box) => kinds.get(box) === "scope");
  const facts: Facts = {
    bundles, aside, kinds,
    alike: letters(tree, scopes.filter(({ name }) => !aside.has(name))),
    series: letters(tree, scopes.filter(({ name }) => aside.has(name))),
    constants: constantsInReaders(tree, scope, boxes.map((box) => ({ ...box, kind: kinds.get(box) ?? "" }))),
  };
  return fitted({
    scope: name, nodes: boxes.map((box) => levelNode(tree, box, facts)), edges: bundles.edges,
    entering: bundles.entering, leaving: bundles.leaving, resting: scope === tree.root ? [] : restingParts(tree, scope, eachStep(tree)),
  });
}

/** A page can hold and list so many boxes of one level. */
const mostBoxes = 5000;

/** The first boxes of a level that has more than any page can hold, what runs in each step before the rest. */
function fitted(level: GraphLevel): GraphLevel {
  if (level.nodes.length <= mostBoxes) return level;
  const first = [...level.nodes.filter(({ aside }) => aside === undefined), ...level.nodes.filter(({ aside }) => aside !== undefined)].slice(0, mostBoxes);
  const kept = new Set(first.map(({ name }) => name)).add(level.scope);
  const within = ({ from, to }: LevelEdge): boolean => kept.has(from) && kept.has(to);
  return { ...level, nodes: first, edges: level.edges.filter(within), entering: level.entering.filter(within), leaving: level.leaving.filter(within), left: level.nodes.length - first.length };
}

/** Over the border of a scope only the way forward counts: what each step runs, no variable's value, nothing kept for gradients. */
function forwardOnly(tree: ScopeTree, scope: Scope): LevelPlace["crosses"] {
  const step = eachStep(tree);
  if (scope === tree.root) return () => false;
  return ({ from, consumer }) =>
    (!step || (step.runs[from] === 1 && step.runs[consumer] === 1)) && !givesVariable(tree, from) && !liesInTrainer(tree, scope, consumer);
}

/** Between boxes that both work in each step, only what runs in each step counts: a summary there draws no line. */
function eachStepOnly(tree: ScopeTree, boxes: readonly Box[]): LevelPlace["counts"] {
  const step = eachStep(tree);
  if (!step) return () => true;
  const working = boxes.map(({ inside }) => inside.some((index) => step.runs[index] === 1));
  return (consumer, to, from) => step.runs[consumer] === 1 || working[to] !== true || working[from] === false;
}

interface Facts {
  readonly bundles: Bundles;
  readonly aside: ReadonlyMap<string, string>;
  readonly alike: ReadonlyMap<string, string>;
  /** As `alike`, of what is aside. */
  readonly series: ReadonlyMap<string, string>;
  /** By box, not by name: names may occur twice. */
  readonly kinds: ReadonlyMap<Box, LevelNode["kind"]>;
  readonly constants: ConstantsInReaders;
}

function levelNode(tree: ScopeTree, box: Box, { bundles, aside, alike, series, kinds, constants }: Facts): LevelNode {
  const { name, label, scope, operation } = box;
  const kind = kinds.get(box) ?? "operation";
  const node = operation === undefined ? undefined : tree.model.nodes[operation];
  const letter = alike.get(name);
  const when = aside.get(name);
  const shape = kind === "variables" ? undefined : shapeOf(tree, box, bundles);
  return {
    name, label, kind,
    ...(kind !== "scope" && kind !== "variables" && node ? { op: node.op } : {}),
    ops: scope?.ops ?? 1,
    variables: scope?.variables ?? (kind === "variable" ? 1 : 0),
    parameters: scope?.parameters ?? (kind === "variable" ? elements(node?.shapes[0]) : 0),
    ...(shape === undefined ? {} : { shape }),
    reads: bundles.reads.get(name) ?? [],
    updates: bundles.updates.get(name) ?? [],
    ...(letter === undefined ? {} : { alike: letter }),
    ...(when === undefined ? {} : { aside: when }),
    ...noteOf(tree, box, { kind, trains: (bundles.updates.get(name) ?? []).length > 0 }),
    ...(series.has(name) ? { series: series.get(name) } : {}),
    ...(constants.words.has(name) ? { constants: constants.words.get(name) } : {}),
    ...(constants.folded.has(name) ? { inReader: true } : {}),
    ...(scope && tree.made.bodies.has(name) ? { function: tree.made.bodies.get(name) } : {}),
    ...(!scope && isMissing(tree, operation) ? { missing: true } : {}),
  };
}

/** The optimizer of a box that updates variables, the queue of one that has one; of a group, that it is what each step ends with. */
function noteOf(tree: ScopeTree, { inside }: Box, { kind, trains }: { kind: LevelNode["kind"]; trains: boolean }): Pick<LevelNode, "note"> {
  if (kind === "group") return inside.includes(eachStep(tree)?.sink ?? -1) ? { note: "each step ends here" } : {};
  if (kind !== "scope") return {};
  const types = inside.map((index) => tree.model.nodes[index]?.op ?? "");
  const update = trains ? types.find(isTrainingUpdate) : undefined;
  const [, optimizer] = /Apply([A-Z]\w*)$/.exec(update ?? "") ?? [];
  if (optimizer !== undefined) return { note: optimizer };
  return types.some(isQueue) ? { note: "queue" } : {};
}

/** Of an operation or variable its own; of a scope that of the tensor its first consumer on the level takes. */
function shapeOf(tree: ScopeTree, { name, scope, operation }: Box, { firstOutput }: Bundles): string | undefined {
  if (operation !== undefined && (!scope || tree.variableOf[operation] === scope)) return shapeText(tree.model.nodes[operation]?.shapes[0]);
  const taken = firstOutput.get(name);
  return taken && shapeText(tree.model.nodes[taken.operation]?.shapes[taken.output]);
}

function elements(shape: readonly number[] | undefined): number {
  if (!shape || shape.some((size) => size < 0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}
