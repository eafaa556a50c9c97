// The keys of the variable tree: one tab stop, arrows from row to row, open and fold as in any tree.
import { rowHeight, type TreeActions } from "./tree";
import { rowKey, type VariableRow } from "./variables";

/** Those of a row that can be pressed. */
export const rowButtons = "button:not(:disabled), vscode-button:not([disabled])";

/** Handles a key on a row or on a button in it. `enter`: what Enter does on a variable. */
export function walkTree(event: KeyboardEvent, rows: readonly VariableRow[], { actions, enter }: { readonly actions: TreeActions; enter(name: string): void }): void {
  const { currentTarget: box, target } = event;
  if (!(box instanceof HTMLElement) || !(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const element = target.closest<HTMLElement>("tr[data-row]");
  const at = Number(element?.dataset.row);
  const row = rows[at];
  if (!element || !row) return;
  if (target !== element) return walkButtons(event, element, target);
  const go = (index: number): void => {
    const to = Math.min(rows.length - 1, Math.max(0, index));
    const wanted = rows[to];
    if (!wanted) return;
    const [y, room] = [to * rowHeight, box.clientHeight - rowHeight];
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + rowHeight > box.scrollTop + room) box.scrollTop = y + rowHeight - room;
    actions.walkTree(rowKey(wanted), box.scrollTop);
    box.querySelector<HTMLElement>(`tr[data-row="${to}"]`)?.focus();
  };
  const page = Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(rows.length - 1), PageDown: () => go(at + page), PageUp: () => go(at - page),
    ArrowRight: () => row.kind === "variable" ? element.querySelector<HTMLElement>("button")?.focus() : row.open ? go(at + 1) : actions.toggleScope(row.path),
    ArrowLeft: () => row.kind === "scope" && row.open ? actions.toggleScope(row.path) : go(parentOf(rows, at)),
    Enter: () => row.kind === "scope" ? actions.toggleScope(row.path) : enter(row.variable.name),
  };
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Handles a key on a row's button: arrows go from button to button, and back to the row before the first. */
export function walkButtons(event: KeyboardEvent, row: HTMLElement, button: HTMLElement): void {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  const stops = [row, ...row.querySelectorAll<HTMLElement>(rowButtons)];
  stops[stops.indexOf(button) + (event.key === "ArrowRight" ? 1 : -1)]?.focus();
}

/** The row of the scope around a row; the row itself at the top. */
function parentOf(rows: readonly VariableRow[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let above = at - 1; above >= 0; above--) if ((rows[above]?.depth ?? 0) < depth) return above;
  return at;
}
