// Which cards there are and where they go: tags grouped into sections by scope, filtered, and packed into columns.
import type { Tag } from "#model/run";
import type { TagInfo } from "#model/scalars";
import type { ChartPlan } from "./charts";

export interface Section {
  readonly scope: string;
  readonly charts: readonly ChartPlan[];
}

/** Stands before all scopes. */
export const pinnedScope = "Pinned";

/**
 * Groups charts by the scope of their first tag: the folder part of its name, as deep as at least two tags share it. Tags without
 * a slash stand together when they share the words before their last underscore (`generator_loss_GAN`, `generator_loss_L1`); one
 * that stands alone is its own section. Order of first appearance; pinned charts come first, in a section of their own.
 */
export function sectionsOf(charts: readonly ChartPlan[], tags: readonly TagInfo[], pinned: readonly string[]): readonly Section[] {
  const scopes = scopesOf(tags);
  const sections = new Map<string, ChartPlan[]>();
  const first = charts.filter(({ id }) => pinned.includes(id));
  if (first.length > 0) sections.set(pinnedScope, first);
  for (const chart of charts) {
    if (pinned.includes(chart.id)) continue;
    const scope = scopes.get(chart.tags[0] ?? "") ?? "";
    const section = sections.get(scope);
    if (section) section.push(chart);
    else sections.set(scope, [chart]);
  }
  return [...sections].map(([scope, members]) => ({ scope, charts: members }));
}

/** The scope whose settings a chart has. */
export function scopeOfChart({ tags: [first] }: ChartPlan, tags: readonly TagInfo[]): string {
  return scopesOf(tags).get(first ?? "") ?? "";
}

const known = new WeakMap<readonly TagInfo[], ReadonlyMap<Tag, string>>();

/** The scope of each tag. */
function scopesOf(tags: readonly TagInfo[]): ReadonlyMap<Tag, string> {
  const before = known.get(tags);
  if (before) return before;
  const shared = new Map<string, number>();
  for (const { tag } of tags) for (const one of tag.includes("/") ? folders(tag) : stems(tag)) shared.set(one, (shared.get(one) ?? 0) + 1);
  const scopes = new Map(tags.map(({ tag }) => [tag, scopeOf(tag, shared)] as const));
  known.set(tags, scopes);
  return scopes;
}

/** `a`, `a/b` of `a/b/c`. */
function folders(tag: Tag): readonly string[] {
  const parts = tag.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

// `a_b_c` may stand under `a_b`, never under a single word: that would join strangers such as `batch_size` and `batch_time`.
function stems(tag: Tag): readonly string[] {
  const words = tag.split("_");
  return words.slice(2).map((_, index) => words.slice(0, index + 2).join("_"));
}

function scopeOf(tag: Tag, shared: ReadonlyMap<string, number>): string {
  if (tag.includes("/")) {
    const all = folders(tag);
    return [...all].reverse().find((folder) => (shared.get(folder) ?? 0) > 1) ?? all[0] ?? tag;
  }
  const stem = [...stems(tag)].reverse().find((candidate) => (shared.get(candidate) ?? 0) > 1);
  return stem ?? tag.replace(/_\d+$/, "");
}

/** Tags that hold every word of the filter, in any order, upper or lower case alike. */
export function filterTags(tags: readonly TagInfo[], filter: string): readonly TagInfo[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return tags.filter(({ tag }) => words.every((word) => tag.toLowerCase().includes(word)));
}

/** Columns that fit: a card wants 480 px and there are never more than four; as many as asked for as long as none gets below 240. */
export function columnsFor(width: number, wanted = 0): number {
  const most = Math.max(1, Math.floor(width / 240));
  return wanted > 0 ? Math.min(wanted, most) : Math.min(4, Math.max(1, Math.floor(width / 480)));
}

/** Columns that a section takes, so that a scope of one card shares its row with the next section. */
export function spanOf(section: Section, columns: number): number {
  return Math.min(section.charts.length, columns);
}

/** Sections in the order in which they are drawn: where a row has columns left, the next section that fits comes up into it. */
export function packed(sections: readonly Section[], { columns, isOpen }: { columns: number; isOpen: (scope: string) => boolean }): readonly Section[] {
  const waiting = [...sections];
  const order: Section[] = [];
  const width = (section: Section): number => (isOpen(section.scope) ? spanOf(section, columns) : columns);
  let used = 0;
  while (waiting.length > 0) {
    const found = waiting.findIndex((section) => used === 0 || used + width(section) <= columns);
    const next = waiting.splice(Math.max(0, found), 1)[0];
    if (!next) break;
    used = found < 0 ? width(next) : used + width(next);
    if (used >= columns) used = 0;
    order.push(next);
  }
  return order;
}

/** A tag cut in the middle to about `most` characters: its end tells more than its beginning. */
export function cutMiddle(tag: Tag, most: number): string {
  if (tag.length <= most) return tag;
  const tail = Math.max(1, Math.ceil((most - 1) * 0.6));
  return `${tag.slice(0, Math.max(1, most - 1 - tail))}…${tag.slice(-tail)}`;
}
