// Which cards there are and where they go: tags grouped into sections by scope, filtered, and packed into columns.
import { appendTo } from "#base/multimap";
import type { Tag } from "#model/run";
import type { TagInfo } from "#model/scalars";
import { parentsOf, pathTo } from "#model/scopedName";
import type { ChartPlan } from "./charts";
import type { ScopeSettings, Settings } from "./settings";

export interface Section {
  readonly scope: string;
  /** Those right in it. */
  readonly charts: readonly ChartPlan[];
  /** The scope that it lies in, where that has a section. */
  readonly parent?: string;
  /** Sections around it. */
  readonly depth: number;
  /** Charts in it and in all sections below it. */
  readonly count: number;
  /** Sections lie in it; they follow it. */
  readonly outer: boolean;
}

/** Stands before all scopes. */
export const pinnedScope = "Pinned";

/**
 * Groups charts by the scope of their first tag: the folder part of its name, as deep as at least two tags share it. Tags without
 * a slash stand together when they share the words before their last underscore (`generator_loss_GAN`, `generator_loss_L1`); one
 * that stands alone is its own section. Scopes lie in each other as in the graph, leaving out those that hold only one other.
 * Order of first appearance, each scope before what lies in it; pinned charts come first, in a section of their own.
 */
export function sectionsOf(charts: readonly ChartPlan[], tags: readonly TagInfo[], pinned: readonly string[]): readonly Section[] {
  const scopes = scopesOf(tags);
  const members = new Map<string, ChartPlan[]>();
  for (const chart of charts) {
    const scope = pinned.includes(chart.id) ? pinnedScope : (scopes.get(chart.tags[0] ?? "") ?? "");
    appendTo(members, scope, chart);
  }
  const first = members.get(pinnedScope);
  members.delete(pinnedScope);
  return [...(first ? [{ scope: pinnedScope, charts: first, depth: 0, count: first.length, outer: false }] : []), ...treeOf(members)];
}

function treeOf(members: ReadonlyMap<string, readonly ChartPlan[]>): readonly Section[] {
  const within = new Map<string, Set<string>>();
  const roots = new Set<string>();
  const names = new Set([...members.keys(), ...forks([...members.keys()])]);
  for (const scope of [...members.keys()].flatMap(pathTo)) {
    if (!names.has(scope)) continue;
    const parent = parentOf(scope, names);
    if (parent === undefined) roots.add(scope);
    else within.set(parent, (within.get(parent) ?? new Set()).add(scope));
  }
  const walk = (scope: string, depth: number): readonly Section[] => {
    const below = [...(within.get(scope) ?? [])].flatMap((child) => walk(child, depth + 1));
    const charts = members.get(scope) ?? [];
    const parent = parentOf(scope, names);
    const count = below.reduce((sum, section) => sum + section.charts.length, charts.length);
    return [{ scope, charts, depth, count, outer: below.length > 0, ...(parent !== undefined && { parent }) }, ...below];
  };
  return [...roots].flatMap((scope) => walk(scope, 0));
}

/** Scopes in which ways to others part. */
function forks(scopes: readonly string[]): readonly string[] {
  const next = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const path = pathTo(scope);
    path.slice(1).forEach((inner, at) => next.set(path[at] ?? "", (next.get(path[at] ?? "") ?? new Set()).add(inner)));
  }
  return [...next].filter(([, ways]) => ways.size > 1).map(([scope]) => scope);
}

function parentOf(scope: string, names: ReadonlySet<string>): string | undefined {
  return parentsOf(scope).findLast((folder) => names.has(folder));
}

/** Sections whose header is seen: no scope around them is closed. */
export function unfolded(sections: readonly Section[], closed: readonly string[]): readonly Section[] {
  const folded = new Set<string>();
  return sections.filter(({ scope, parent }) => {
    if (parent === undefined || !(folded.has(parent) || closed.includes(parent))) return true;
    folded.add(scope);
    return false;
  });
}

/** What holds for a chart in a scope: what is set for scopes around it, and over that what is set for the scope itself. */
export function scopeSettings(scopes: Settings["scopes"], scope: string): ScopeSettings {
  return Object.assign({}, ...pathTo(scope).map((one) => scopes[one] ?? {})) as ScopeSettings;
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
  for (const { tag } of tags) for (const one of tag.includes("/") ? parentsOf(tag) : stems(tag)) shared.set(one, (shared.get(one) ?? 0) + 1);
  const scopes = new Map(tags.map(({ tag }) => [tag, scopeOf(tag, shared)] as const));
  known.set(tags, scopes);
  return scopes;
}

// `a_b_c` may stand under `a_b`, never under a single word: that would join strangers such as `batch_size` and `batch_time`.
function stems(tag: Tag): readonly string[] {
  const words = tag.split("_");
  return words.slice(2).map((_, index) => words.slice(0, index + 2).join("_"));
}

function scopeOf(tag: Tag, shared: ReadonlyMap<string, number>): string {
  if (tag.includes("/")) {
    const all = parentsOf(tag);
    return [...all].reverse().find((folder) => (shared.get(folder) ?? 0) > 1) ?? all[0] ?? tag;
  }
  const stem = [...stems(tag)].reverse().find((candidate) => (shared.get(candidate) ?? 0) > 1);
  return stem ?? tag.replace(/_\d+$/, "");
}

/** Columns that fit: a card wants 480 px and there are never more than four; as many as asked for as long as none gets below 240. */
export function columnsFor(width: number, wanted = 0): number {
  const most = Math.max(1, Math.floor(width / 240));
  return wanted > 0 ? Math.min(wanted, most) : Math.min(4, Math.max(1, Math.floor(width / 480)));
}

/** Columns that a section takes, so that a scope of one card shares its row with the next section. */
export function spanOf({ charts, outer }: Section, columns: number): number {
  return outer ? columns : Math.min(charts.length, columns);
}

/** A section in its place. */
export interface Packed {
  readonly section: Section;
  /** It begins a row. */
  readonly first: boolean;
}

/** Sections in the order in which they are drawn: where a row has columns left, the next neighbour in the same scope that fits comes up into it. */
export function packed(sections: readonly Section[], { columns, isOpen }: { columns: number; isOpen: (scope: string) => boolean }): readonly Packed[] {
  const width = (section: Section): number => (isOpen(section.scope) ? spanOf(section, columns) : columns);
  return neighbours(sections).flatMap((together) => {
    const waiting = [...together];
    const order: Packed[] = [];
    let used = 0;
    while (waiting.length > 0) {
      const found = waiting.findIndex((section) => used === 0 || used + width(section) <= columns);
      const next = waiting.splice(Math.max(0, found), 1)[0];
      if (!next) break;
      const first = used === 0 || found < 0;
      used = first ? width(next) : used + width(next);
      if (used >= columns) used = 0;
      order.push({ section: next, first });
    }
    return order;
  });
}

/** Stretches of sections that may change places: in the same scope, with none between them that others lie in. */
function neighbours(sections: readonly Section[]): readonly (readonly Section[])[] {
  const stretches: Section[][] = [];
  sections.forEach((section, at) => {
    const before = sections[at - 1];
    const stretch = stretches.at(-1);
    if (stretch && before && before.parent === section.parent && !before.outer && !section.outer) stretch.push(section);
    else stretches.push([section]);
  });
  return stretches;
}

/** A tag cut in the middle to about `most` characters: its end tells more than its beginning. */
export function cutMiddle(tag: Tag, most: number): string {
  if (tag.length <= most) return tag;
  const tail = Math.max(1, Math.ceil((most - 1) * 0.6));
  return `${tag.slice(0, Math.max(1, most - 1 - tail))}…${tag.slice(-tail)}`;
}
