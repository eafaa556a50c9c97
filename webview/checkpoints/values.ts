// The values of one variable as a heat map: which slice is shown, how far into it, and the cell under pointer or keys.
import type { SliceCells, SliceWindow, TensorSlice } from "#model/checkpointLook";
import { messageOf } from "#base/errors";
import type { SliceAsk } from "#protocol/readerApi";

/** What of the tensor is wished for; the last two axes, whole, where nothing is said. */
export type SliceChoice = Pick<SliceAsk, "rows" | "columns" | "at">;

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface ValuesState {
  readonly name: string;
  readonly choice: SliceChoice;
  /** Of an earlier choice until the chosen one has come. */
  readonly slice?: TensorSlice;
  readonly problem?: string;
  readonly cell?: Cell;
}

export type ValuesHappening =
  | { readonly kind: "valuesOpened"; readonly name: string }
  | { readonly kind: "valuesClosed" }
  | { readonly kind: "sliceChosen"; readonly choice: SliceChoice }
  | { readonly kind: "sliceCame"; readonly slice: TensorSlice }
  | { readonly kind: "sliceFailed"; readonly why: string }
  | { readonly kind: "cellPointed"; readonly cell?: Cell };

export function valuesAfter(state: ValuesState | undefined, happening: ValuesHappening): ValuesState | undefined {
  if (happening.kind === "valuesOpened") return { name: happening.name, choice: {} };
  if (!state) return undefined;
  switch (happening.kind) {
    case "valuesClosed": return undefined;
    case "sliceChosen": return { ...state, choice: happening.choice, problem: undefined };
    case "sliceCame": return { ...state, slice: happening.slice, cell: within(state.cell, happening.slice) };
    case "sliceFailed": return { ...state, problem: happening.why };
    case "cellPointed": return { ...state, cell: happening.cell };
  }
}

export interface ValuesActions {
  showValues(name: string): void;
  closeValues(): void;
  chooseSlice(choice: SliceChoice): void;
  pointCell(cell?: Cell): void;
}

/** Where the values are, and how they are read. */
export interface ValuesPlace {
  values(): ValuesState | undefined;
  dispatch(happening: ValuesHappening): void;
  read(name: string, choice: SliceChoice): Promise<TensorSlice>;
}

/** An answer to a choice that has changed meanwhile is dropped. */
export function valuesActions({ values, dispatch, read }: ValuesPlace): ValuesActions {
  const look = async (): Promise<void> => {
    const wanted = values();
    if (!wanted) return;
    const current = (): boolean => values()?.name === wanted.name && values()?.choice === wanted.choice;
    try {
      const slice = await read(wanted.name, wanted.choice);
      if (current()) dispatch({ kind: "sliceCame", slice });
    } catch (error) {
      if (current()) dispatch({ kind: "sliceFailed", why: messageOf(error) });
    }
  };
  return {
    showValues: (name) => {
      dispatch({ kind: "valuesOpened", name });
      void look();
    },
    closeValues: () => dispatch({ kind: "valuesClosed" }),
    chooseSlice: (choice) => {
      dispatch({ kind: "sliceChosen", choice });
      void look();
    },
    pointCell: (cell) => dispatch({ kind: "cellPointed", cell }),
  };
}

function within(cell: Cell | undefined, { rows, columns }: TensorSlice): Cell | undefined {
  return cell && { row: Math.max(0, Math.min(cell.row, rows.cells - 1)), column: Math.max(0, Math.min(cell.column, columns.cells - 1)) };
}

/** The cell that a key leads to. */
export function cellStop(cell: Cell, key: string, { rows, columns }: TensorSlice): Cell | undefined {
  const moves: Readonly<Record<string, readonly [row: number, column: number]>> = {
    ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -columns.cells], End: [0, columns.cells],
  };
  const move = moves[key];
  if (!move || rows.cells * columns.cells === 0) return undefined;
  const inside = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
  return { row: inside(cell.row + move[0], rows.cells), column: inside(cell.column + move[1], columns.cells) };
}

/** How much less of each axis is seen after one zoom. */
const zoomFactor = 4;

/** The part of the slice around a cell, where cells stand for several values; undefined where each is one. */
export function zoomedIn({ rows, columns, at }: TensorSlice, cell: Cell): SliceChoice | undefined {
  if (rows.each * columns.each === 1) return undefined;
  return { at, rows: closer(rows, cell.row), columns: closer(columns, cell.column) };
}

function closer({ axis, from, count, each, cells }: SliceCells, cell: number): SliceWindow {
  if (each === 1) return { axis, from, count };
  const wanted = Math.max(cells, Math.ceil(count / zoomFactor));
  const middle = from + (cell + 0.5) * each;
  const start = Math.round(Math.min(from + count - wanted, Math.max(from, middle - wanted / 2)));
  return { axis, from: start, count: wanted };
}

/** Whether all of both axes is shown. */
export function isWholeSlice({ rows, columns, shape }: TensorSlice): boolean {
  return [rows, columns].every(({ axis, count }) => count === shape[axis]);
}

/** All of both axes, as they are chosen. */
export function wholeSlice({ rows, columns, shape, at }: TensorSlice): SliceChoice {
  const whole = ({ axis }: SliceWindow): SliceWindow => ({ axis, from: 0, count: shape[axis] ?? 0 });
  return { at, rows: whole(rows), columns: whole(columns) };
}

/** Another axis as rows or columns; the two change places where it is the other one. */
export function withAxis(slice: TensorSlice, which: "rows" | "columns", axis: number): SliceChoice {
  const { rows, columns } = wholeSlice(slice);
  const [own, other] = which === "rows" ? [rows, columns] : [columns, rows];
  const chosen: SliceWindow = { axis, from: 0, count: slice.shape[axis] ?? 0 };
  const rest = other?.axis === axis ? own : other;
  // What becomes an index begins at its first.
  const at = slice.at.map((index, place) => (place === chosen.axis || place === rest?.axis ? 0 : index < (slice.shape[place] ?? 0) ? index : 0));
  return which === "rows" ? { at, rows: chosen, ...(rest && { columns: rest }) } : { at, ...(rest && { rows: rest }), columns: chosen };
}

/** Another index of an axis that is not shown. */
export function withIndex(slice: TensorSlice, axis: number, index: number): SliceChoice {
  const wanted = Math.max(0, Math.min((slice.shape[axis] ?? 1) - 1, index));
  return { at: slice.at.map((one, place) => (place === axis ? wanted : one)), rows: windowOf(slice.rows), columns: windowOf(slice.columns) };
}

function windowOf({ axis, from, count }: SliceWindow): SliceWindow {
  return { axis, from, count };
}
