// Long looks of a page: each has a name that no other page's look has, is shown while it goes on, and can be cancelled by that name.
import type { LookProgress } from "#model/checkpointLook";
import type { Task } from "./taskWords";

export type TaskHappening =
  | { readonly kind: "taskBegun"; readonly task: Task }
  | { readonly kind: "taskProgressed"; readonly progress: LookProgress }
  | { readonly kind: "taskEnded"; readonly id: string };

/** The look that is shown: one at a time, the last that began. */
export function taskAfter(task: Task | undefined, happening: TaskHappening): Task | undefined {
  switch (happening.kind) {
    case "taskBegun": return happening.task;
    case "taskProgressed": {
      const { task: id, doneBytes, totalBytes } = happening.progress;
      return task?.id === id ? { ...task, doneBytes, totalBytes } : task;
    }
    case "taskEnded": return task?.id === happening.id ? undefined : task;
  }
}

/** All pages share one reader, which knows looks by name. */
const page = crypto.randomUUID();
let looks = 0;

/** Carries out a long look: its progress is shown, and it can be cancelled. `doing` is a word: `Verifying`. */
export async function asTask<T>(dispatch: (happening: TaskHappening) => void, doing: string, look: (task: string) => Promise<T>): Promise<T> {
  const id = `${doing.toLowerCase()} ${++looks} of ${page}`;
  dispatch({ kind: "taskBegun", task: { id, doing, doneBytes: 0, totalBytes: 0 } });
  try {
    return await look(id);
  } finally {
    dispatch({ kind: "taskEnded", id });
  }
}
