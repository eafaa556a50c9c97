// Which charts there are and what lines each has: tags that share a chart, runs side by side, groups of runs as one.
import { appendTo } from "#base/multimap";
import type { RunInfo, Tag } from "#model/run";
import type { TagInfo } from "#model/scalars";
import type { CurvesRun, CurvesSnapshot } from "#protocol/curvesApi";
import type { Settings } from "./settings";

/** A chart: one tag, or several that share it. */
export interface ChartPlan {
  /** The tag, or all of them. */
  readonly id: string;
  readonly tags: readonly Tag[];
}

/** A line of a chart: a tag of one run, or of a group of runs. */
export interface LinePlan {
  /** Unique within the view. */
  readonly key: string;
  readonly tag: Tag;
  /** One folder, or those of a group. */
  readonly dirs: readonly string[];
  /** `pix2pix-7`, or the group's folder; with the tag where a chart has several. */
  readonly name: string;
  readonly style: number;
  /** The group is drawn as mean and spread. */
  readonly group: boolean;
}

/** Several runs that are drawn as one, or one run by itself. */
export interface RunGroup {
  readonly name: string;
  readonly runs: readonly CurvesRun[];
  readonly style: number;
}

/** The number of runs from which raw values are hidden: overlapping bands turn to mud at three. */
export const rawHiddenFrom = 3;
const styles = 16;

/** Scalar tags of all shown runs, in the order in which they first appear. */
export function scalarTags(snapshot: CurvesSnapshot | undefined): readonly TagInfo[] {
  if (!snapshot) return noTags;
  const made = tagsOf.get(snapshot) ?? joinTags(snapshot);
  tagsOf.set(snapshot, made);
  return made;
}

const noTags: readonly TagInfo[] = [];
const tagsOf = new WeakMap<CurvesSnapshot, readonly TagInfo[]>();

function joinTags({ runs }: CurvesSnapshot): readonly TagInfo[] {
  const known = new Map<Tag, TagInfo>();
  for (const { tags } of runs) for (const info of tags) if (info.kind === "scalar" && !known.has(info.tag)) known.set(info.tag, info);
  return [...known.values()];
}

/** Runs with those that share a folder put together; a folder with one run is no group, nor are runs of two folders that have one name. */
export function groupsOf(runs: readonly CurvesRun[], grouped: boolean): readonly RunGroup[] {
  const folders = new Map<string, CurvesRun[]>();
  for (const run of runs) {
    const { dir } = run.run;
    appendTo(folders, grouped && folderOf(run.run) !== "" ? dir.replace(/[^\\/]+$/, "") : dir, run);
  }
  return [...folders.values()].flatMap((members) => {
    const [first] = members;
    if (!first) return [];
    return [{ name: members.length > 1 ? folderOf(first.run) : first.run.name, runs: members, style: first.style }];
  });
}

/** The part of a run's name before its last slash. */
function folderOf({ name }: RunInfo): string {
  const slash = name.lastIndexOf("/");
  return slash > 0 ? name.slice(0, slash) : "";
}

/** Charts in the order of their first tags, but those that are hidden. */
export function chartsOf(tags: readonly TagInfo[], { merged, hidden }: Pick<Settings, "merged" | "hidden">): readonly ChartPlan[] {
  const there = new Set(tags.map(({ tag }) => tag));
  const shared = merged.map((group) => group.filter((tag) => there.has(tag))).filter((group) => group.length > 1);
  const charts: ChartPlan[] = [];
  const done = new Set<Tag>();
  for (const { tag } of tags) {
    if (done.has(tag)) continue;
    const together = shared.find((group) => group.includes(tag)) ?? [tag];
    for (const one of together) done.add(one);
    const shown = together.filter((one) => !hidden.includes(one));
    if (shown.length > 0) charts.push({ id: chartId(shown), tags: shown });
  }
  return charts;
}

/** Tags have no line breaks where they share a chart's id. */
function chartId(tags: readonly Tag[]): string {
  return tags.join("\n");
}

/** The tags that share a chart after one chart was dropped onto another. */
export function mergedWith(merged: Settings["merged"], onto: ChartPlan, dropped: ChartPlan): Settings["merged"] {
  return sharedBy(merged, onto, [...onto.tags, ...dropped.tags.filter((tag) => !onto.tags.includes(tag))]);
}

/** The tags that share a chart after these were chosen for one that has others now. */
export function sharedBy(merged: Settings["merged"], { tags: before }: ChartPlan, tags: readonly Tag[]): Settings["merged"] {
  return [...apart(merged, [...before, ...tags]), ...(tags.length > 1 ? [tags] : [])];
}

/** These tags in charts of their own again. */
export function apart(merged: Settings["merged"], tags: readonly Tag[]): Settings["merged"] {
  return merged.map((group) => group.filter((tag) => !tags.includes(tag))).filter((group) => group.length > 1);
}

/** Whether a run is drawn in a chart. */
export type Passes = (plan: ChartPlan, run: CurvesRun) => boolean;

/** What a filter lets through: each of its words, upper or lower case alike, is in one of the chart's tags or in the run's name. */
export function passing(filter: string): Passes {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const left = new WeakMap<ChartPlan, readonly string[]>();
  return (plan, { run, tags }) => {
    const rest = left.get(plan) ?? words.filter((word) => !plan.tags.some((tag) => tag.toLowerCase().includes(word)));
    left.set(plan, rest);
    return rest.every((word) => run.name.toLowerCase().includes(word)) && tags.some(({ tag, kind }) => kind === "scalar" && plan.tags.includes(tag));
  };
}

/** A chart's lines: tag by tag, group by group. Several tags of one run have colours of their own, of several runs dashes. */
export function linesOf(plan: ChartPlan, groups: readonly RunGroup[], passes: Passes = () => true): readonly LinePlan[] {
  const { tags } = plan;
  return tags.flatMap((tag, place) =>
    groups.flatMap((group) => {
      const members = group.runs.filter((run) => run.tags.some((info) => info.tag === tag && info.kind === "scalar") && passes(plan, run));
      if (members.length === 0) return [];
      const dirs = members.map(({ run }) => run.dir);
      const style = groups.length === 1 ? group.style + place : group.style + 4 * place;
      const name = tags.length === 1 ? group.name : groups.length === 1 ? tag : `${group.name} · ${tag}`;
      return [{ key: `${dirs.join("\n")}\0${tag}`, tag, dirs, name, style: style % styles, group: group.runs.length > 1 && members.length > 1 }];
    }));
}
