// How two graphs differ, as a list in words: one entry for each box of the whole graph's own level.
import type { GraphChange, GraphChanges } from "#model/graphChanges";
import { boxesOf, operationName } from "./box";
import { attributesThatDiffer, type ComparedGraph } from "./comparedGraph";
import { inputNames, markOf } from "./comparedLevel";
import { shapeText } from "./shapeText";

/** So many differences of one box are told one by one. */
const mostRows = 200;

type Row = GraphChange["rows"][number];

/** All boxes that differ, with what differs within them. */
export function graphChanges(compared: ComparedGraph): GraphChanges {
  const { tree, changes } = compared;
  const found = boxesOf(tree, tree.root).boxes.flatMap((box): GraphChange[] => {
    const { change, was } = markOf(compared, box);
    if (change === undefined) return [];
    const inside = box.inside.filter((index) => index < tree.made.known);
    const rows = change === "changed" ? inside.flatMap((index) => rowsOf(compared, index)) : [];
    const words = change === "changed" ? wordsOf(compared, inside, rows) : change === "renamed" ? `was ${was ?? ""}` : counted(inside.length, "op");
    return [{ kind: change, name: box.name, ...(was === undefined ? {} : { was }), words, rows: rows.map(({ row }) => row).slice(0, mostRows), more: Math.max(0, rows.length - mostRows) }];
  });
  const count = (kind: string): number => changes.filter((change) => change === kind).length;
  const operations = { added: count("added"), removed: count("removed"), changed: count("changed") };
  return { changes: found, operations: { ...operations, same: tree.made.known - operations.added - operations.removed - operations.changed } };
}

/** Of one operation, each difference; `about` is what the summary counts. */
function rowsOf(compared: ComparedGraph, index: number): readonly { readonly about: "shape" | "value" | "input" | "op"; readonly row: Row }[] {
  const { tree, changes, was, inputs } = compared;
  const node = tree.model.nodes[index];
  const change = changes[index];
  if (!node || change === undefined || change === "renamed") return [];
  const { name } = operationName(tree, index);
  if (change === "added") return [{ about: "op", row: [name, "", node.op] }];
  if (change === "removed") return [{ about: "op", row: [name, node.op, ""] }];
  const old = was.get(index);
  if (!old) return [];
  const [before, after] = [old.shapes, node.shapes].map((shapes) => shapes.map((shape) => shapeText(shape) ?? "").join(", "));
  const moved = inputs.get(index);
  return [
    ...(old.op === node.op ? [] : [{ about: "op" as const, row: [`${name} type`, old.op, node.op] as const }]),
    ...(before === after ? [] : [{ about: "shape" as const, row: [`${name} shape`, before ?? "", after ?? ""] as const }]),
    ...(old.device === node.device ? [] : [{ about: "value" as const, row: [`${name} device`, old.device, node.device] as const }]),
    ...attributesThatDiffer(old, node).filter((key) => key !== "shape" || before === after).map((key) => ({ about: "value" as const, row: [`${name} ${key}`, old.attrs.get(key) ?? "", node.attrs.get(key) ?? ""] as const })),
    ...(moved ? [{ about: "input" as const, row: [`${name} inputs`, inputNames(compared, moved.removed).join(", "), inputNames(compared, moved.added).join(", ")] as const }] : []),
  ];
}

/** `59 shapes`, or the one thing that differs by its name. */
function wordsOf({ changes }: ComparedGraph, inside: readonly number[], rows: ReturnType<typeof rowsOf>): string {
  const [only] = rows;
  if (rows.length === 1 && only) return only.row[0].slice(only.row[0].indexOf("/") + 1);
  const of = (kind: string): number => inside.filter((index) => changes[index] === kind).length;
  const about = (kind: string): number => rows.filter((row) => row.about === kind).length;
  const [added, removed] = [of("added"), of("removed")];
  return [
    added > 0 ? `+${counted(added, "op")}` : "", removed > 0 ? `−${counted(removed, "op")}` : "", about("shape") > 0 ? counted(about("shape"), "shape") : "",
    about("value") > 0 ? counted(about("value"), "value") : "", about("input") > 0 && added + removed === 0 ? counted(about("input"), "input") : "",
  ].filter(Boolean).join(", ");
}

function counted(count: number, one: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",")} ${one}${count === 1 ? "" : "s"}`;
}
