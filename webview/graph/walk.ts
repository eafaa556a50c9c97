// Walking the drawing by key: along rows, between rows, into open scopes and out of them.
import type { DrawnBox, Drawing } from "#analysis/diagram/drawing";
import { innermostAround } from "#model/scopedName";

export type WalkKey = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "Escape";

/** Boxes of one row may overlap the next by so many pixels: pills stand lower than boxes. */
const slack = 4;

/** The box that a key leads to from `selected`; undefined when it leads nowhere. */
export function walk({ boxes }: Drawing, selected: string | undefined, key: WalkKey): string | undefined {
  const here = boxes.find(({ box }) => box.node.name === selected);
  if (key === "Home" || !here) return firstOf(boxes)?.box.node.name;
  const around = new Scopes(boxes);
  const target = key === "Escape" ? around.of(here) : step(here, around, key);
  return target?.box.node.name;
}

function firstOf(boxes: readonly DrawnBox[]): DrawnBox | undefined {
  return [...boxes].sort((one, other) => one.at.y - other.at.y || one.at.x - other.at.x)[0];
}

/** Which box stands in which open scope. */
class Scopes {
  readonly #open: ReadonlyMap<string, DrawnBox>;

  constructor(readonly boxes: readonly DrawnBox[]) {
    this.#open = new Map(boxes.filter(({ at }) => at.open).map((box) => [box.at.name, box]));
  }

  /** The innermost open scope around a box. */
  of({ box }: DrawnBox): DrawnBox | undefined {
    const name = innermostAround(box.node.name, (scope) => this.#open.has(scope));
    return name === undefined ? undefined : this.#open.get(name);
  }

  within(scope: DrawnBox | undefined): readonly DrawnBox[] {
    return this.boxes.filter((box) => this.of(box) === scope);
  }
}

/** Among the boxes of its scope; where that ends, above it is the scope's header, and elsewhere what stands beside the scope. */
function step(here: DrawnBox, scopes: Scopes, key: Exclude<WalkKey, "Home" | "Escape">): DrawnBox | undefined {
  const inside = here.at.open && key === "ArrowDown" ? nearestInRow(here, firstRow(scopes.within(here))) : undefined;
  return inside ?? beside(here, scopes, key);
}

function beside(here: DrawnBox, scopes: Scopes, key: Exclude<WalkKey, "Home" | "Escape">): DrawnBox | undefined {
  const around = scopes.of(here);
  const siblings = scopes.within(around);
  const found = key === "ArrowLeft" || key === "ArrowRight" ? inRow(here, siblings, key) : nearestInRow(here, key === "ArrowDown" ? below(here, siblings) : above(here, siblings));
  if (found || !around) return found;
  return key === "ArrowUp" ? around : beside(around, scopes, key);
}

const top = ({ at }: DrawnBox): number => at.y;
const bottom = ({ at }: DrawnBox): number => at.y + at.height;
const middle = ({ at }: DrawnBox): number => at.x + at.width / 2;

function firstRow(boxes: readonly DrawnBox[]): readonly DrawnBox[] {
  const end = Math.min(...boxes.map(bottom));
  return boxes.filter((box) => top(box) < end);
}

function below(here: DrawnBox, boxes: readonly DrawnBox[]): readonly DrawnBox[] {
  return firstRow(boxes.filter((other) => top(other) >= bottom(here) - slack));
}

function above(here: DrawnBox, boxes: readonly DrawnBox[]): readonly DrawnBox[] {
  const over = boxes.filter((other) => bottom(other) <= top(here) + slack);
  const start = Math.max(...over.map(top));
  return over.filter((box) => bottom(box) > start);
}

function nearestInRow(here: DrawnBox, row: readonly DrawnBox[]): DrawnBox | undefined {
  const away = (box: DrawnBox): number => Math.abs(middle(box) - middle(here));
  return [...row].sort((one, other) => away(one) - away(other))[0];
}

/** The next in the same row. */
function inRow(here: DrawnBox, boxes: readonly DrawnBox[], key: "ArrowLeft" | "ArrowRight"): DrawnBox | undefined {
  const ahead = (box: DrawnBox): number => (middle(box) - middle(here)) * (key === "ArrowRight" ? 1 : -1);
  const row = boxes.filter((box) => ahead(box) > 0 && top(box) < bottom(here) && bottom(box) > top(here));
  return row.sort((one, other) => ahead(one) - ahead(other))[0];
}
