// Below the checkpoints of the table: those in trash, since when they are there, and Undo of the prune that moved them.
import type { TrashEntry } from "#model/checkpoint";
import { lastPart } from "#model/scopedName";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { iconButton } from "#kit/ui";
import type { TableOptions } from "./table";
import { isMetricComing } from "./state";
import { namedStep, whyNoPrune } from "./words";

/** More are counted only: Undo and Empty Trash are beside the sum in the disk row. */
const mostRows = 100;
const stays = "Stays there until you empty the trash";

interface TrashRow {
  readonly entry: TrashEntry;
  readonly prefix: string;
  readonly bytes: number;
}

/** A body of its own in the table of checkpoints, newest prune first. */
export function trashRows(snapshot: CheckpointsSnapshot, options: TableOptions): Content {
  const rows = snapshot.trash.flatMap((entry) => entry.checkpoints.map((one) => ({ entry, ...one })));
  if (rows.length === 0) return nothing;
  const left = rows.length - mostRows;
  const draw = options.narrow ? narrowRow : wideRow;
  return html`<tbody class="trash-rows secondary" aria-label="In trash">${rows.slice(0, mostRows).map((row) => draw(row, { snapshot, ...options }))}
    ${left > 0 ? html`<tr role="row"><td class="mark-column"></td><td class="more-trash" colspan="20">and ${numbers.count(left)} more in trash</td></tr>` : nothing}</tbody>`;
}

interface RowOptions extends TableOptions {
  readonly snapshot: CheckpointsSnapshot;
}

function wideRow(row: TrashRow, { snapshot, state, actions }: RowOptions): Content {
  const saved = snapshot.timeline.past.find(({ prefix }) => prefix === row.prefix)?.seconds;
  const metrics = snapshot.metric || isMetricComing(state) ? html`<td class="number">–</td><td class="number">–</td>` : nothing;
  return html`<tr role="row" data-trash=${row.entry.trash}>
    <td class="mark-column">${markBox("toTrash")}</td><td class="number step cut" title=${row.prefix}><bdi>${stepIn(row, snapshot)}</bdi></td>
    <td class="number nowrap">${saved === undefined ? "–" : numbers.clock(saved, snapshot.nowSeconds)}</td><td class="number age">${saved === undefined ? "–" : numbers.age(snapshot.nowSeconds - saved)}</td>
    <td class="number">${numbers.bytes(row.bytes)}</td>${metrics}
    <td class="reason cut" title=${numbers.fullTime(row.entry.movedSeconds)}>${since(row, snapshot)}</td><td class="next cut" title=${stays}>${stays}</td>
    <td class="actions"><span class="row-actions">${undo(row, snapshot, actions)}</span></td></tr>`;
}

function narrowRow(row: TrashRow, { snapshot, actions }: RowOptions): Content {
  return html`<tr role="row" data-trash=${row.entry.trash}><td class="mark-column">${markBox("toTrash")}</td>
    <td class="two-lines"><div class="first-line"><span class="cut grow"><b>${stepIn(row, snapshot)}</b></span><span class="narrow-value nowrap">${numbers.bytes(row.bytes)}</span>${undo(row, snapshot, actions)}</div>
      <div class="second cut" title="${since(row, snapshot)}. ${stays}.">${since(row, snapshot)} · until you empty it</div></td></tr>`;
}

function stepIn({ prefix }: TrashRow, { timeline }: CheckpointsSnapshot): string {
  const step = timeline.past.find((one) => one.prefix === prefix)?.step ?? namedStep(prefix).step;
  return step === undefined ? lastPart(prefix) : numbers.count(step);
}

function since({ entry }: TrashRow, { nowSeconds }: CheckpointsSnapshot): string {
  return `In trash since ${numbers.clock(entry.movedSeconds, nowSeconds)}`;
}

/** A prune comes back as a whole. */
function undo({ entry }: TrashRow, snapshot: CheckpointsSnapshot, actions: TableOptions["actions"]): Content {
  const what = entry.checkpoints.length === 1 ? "it" : `the ${numbers.count(entry.checkpoints.length)} checkpoints of this prune`;
  const whyNot = whyNoPrune(snapshot);
  return iconButton({ icon: "discard", label: whyNot ?? `Bring ${what} back`, disabled: whyNot !== undefined, name: "bringBack", onClick: () => actions.undo(entry.trash) });
}
