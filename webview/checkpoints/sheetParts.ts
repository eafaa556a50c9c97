// What a sheet is made of, and what it is made from.
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import type { Content } from "#kit/template";
import type { Actions } from "./actions";

/** The parts that the frame puts in their places. */
export interface SheetParts {
  readonly title: string;
  /** Beside the title. */
  readonly words: string;
  /** At the end of the head. */
  readonly link?: Content;
  readonly body: Content;
  readonly foot: Content;
}

export interface SheetTask<Sheet> {
  readonly sheet: Sheet;
  readonly snapshot: CheckpointsSnapshot;
  readonly actions: Actions;
}
