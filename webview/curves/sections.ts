// Which cards there are and where they go: tags grouped into sections by scope, filtered, and packed into columns.
import type { Tag } from "#model/run";
import type { TagInfo } from "#model/scalars";

export interface Section {
  readonly scope: string;
  readonly tags: readonly TagInfo[];
}

/**
 * Groups tags by their first path segment. Tags without a slash stand together when they share the words before their last
 * underscore (`generator_loss_GAN`, `generator_loss_L1`); one that stands alone is its own section. Order of first appearance.
 */
export function sectionsOf(tags: readonly TagInfo[]): readonly Section[] {
  const shared = new Map<string, number>();
  for (const { tag } of tags) {
    if (!tag.includes("/")) for (const stem of stems(tag)) shared.set(stem, (shared.get(stem) ?? 0) + 1);
  }
  const sections = new Map<string, TagInfo[]>();
  for (const info of tags) {
    const scope = scopeOf(info.tag, shared);
    const section = sections.get(scope);
    if (section) section.push(info);
    else sections.set(scope, [info]);
  }
  return [...sections].map(([scope, members]) => ({ scope, tags: members }));
}

// `a_b_c` may stand under `a_b`, never under a single word: that would join strangers such as `batch_size` and `batch_time`.
function stems(tag: Tag): readonly string[] {
  const words = tag.split("_");
  return words.slice(2).map((_, index) => words.slice(0, index + 2).join("_"));
}

function scopeOf(tag: Tag, shared: ReadonlyMap<string, number>): string {
  const slash = tag.indexOf("/");
  if (slash > 0) return tag.slice(0, slash);
  const stem = [...stems(tag)].reverse().find((candidate) => (shared.get(candidate) ?? 0) > 1);
  return stem ?? tag.replace(/_\d+$/, "");
}

/** Tags that hold every word of the filter, in any order, upper or lower case alike. */
export function filterTags(tags: readonly TagInfo[], filter: string): readonly TagInfo[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return tags.filter(({ tag }) => words.every((word) => tag.toLowerCase().includes(word)));
}

/** Columns that fit: a card wants 480 px and there are never more than four. */
export function columnsFor(width: number): number {
  return Math.min(4, Math.max(1, Math.floor(width / 480)));
}

/** Columns that a section takes, so that a scope of one card shares its row with the next section. */
export function spanOf(section: Section, columns: number): number {
  return Math.min(section.tags.length, columns);
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
