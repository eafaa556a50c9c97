// The goals of the chart: first view, steps of zoom and pan, memory, and how true the picture is, against the charts people use.
import type { ChartName } from "./charts/chartPage";
import type { BenchData, Goal, Side } from "./goals";
import type { ChartArguments } from "./variants/charts";

const names: Readonly<Record<ChartName, string>> = { ours: "our chart", plain: "chart.js", lttb: "chart.js, lttb", uplot: "uPlot" };
const faster = (ours: number, peer: number): number => peer / ours;
const share = (ours: number, peer: number): number => ours / peer;

/** Pictures are the same each time, and one turn of steps has 24 of them. */
const rounds: Readonly<Partial<Record<ChartArguments["what"], Pick<Goal, "rounds">>>> = { difference: { rounds: 1 }, step: { rounds: 3 }, stepWithRaster: { rounds: 3 }, heap: { rounds: 3 } };

const million = (): number => 1_000_000;
/** Of each of 20 lines: a million, or a fifth of that in the reduced size. */
const many = ({ points }: BenchData): number => (points > 1e6 ? 1_000_000 : 200_000);

function side(chart: ChartName, what: ChartArguments["what"], { lines, count }: { readonly lines: number; readonly count: (data: BenchData) => number }): Side {
  return { title: names[chart], variant: "chart", arguments: (data) => ({ path: "", count: count(data), charts: { chart, lines, what } }) };
}

function goal(name: string, title: string, { what, lines, peer, count = lines === 1 ? million : many }: { readonly what: ChartArguments["what"]; readonly lines: number; readonly peer: ChartName; readonly count?: (data: BenchData) => number },
  limits: Pick<Goal, "better" | "gate" | "target">): Goal {
  return {
    name, title, ours: side("ours", what, { lines, count }), peer: side(peer, what, { lines, count }), ...limits, equal: true,
    unit: what === "heap" ? "MB" : what === "difference" ? "%" : "ms", ratio: limits.better === "more" ? faster : share, ...rounds[what],
  };
}

/** The goals of the curves page's chart. */
export const chartGoals: readonly Goal[] = [
  goal("P10", "first view of one line; times faster than chart.js", { what: "first", lines: 1, peer: "plain" }, { better: "more", gate: 3, target: 5 }),
  goal("P10", "the same; times faster than chart.js with its decimation (lttb)", { what: "first", lines: 1, peer: "lttb" }, { better: "more", gate: 1.3, target: 2 }),
  goal("P10", "first view of 20 lines; times faster than chart.js with its decimation (lttb)", { what: "first", lines: 20, peer: "lttb" }, { better: "more", gate: 3, target: 5 }),
  goal("P11", "a step of zoom or pan, 20 lines, script only; times faster than chart.js with its decimation (lttb)", { what: "step", lines: 20, peer: "lttb" }, { better: "more", gate: 3, target: 5 }),
  goal("P11", "the same; times faster than uPlot", { what: "step", lines: 20, peer: "uplot" }, { better: "more", gate: 1, target: 2 }),
  goal("P11", "the same with the canvas drawn to the last stroke; times faster than chart.js with its decimation (lttb)", { what: "stepWithRaster", lines: 20, peer: "lttb" }, { better: "more", gate: 1, target: 2 }),
  goal("P11", "memory of the page with 20 lines; share of chart.js with its decimation (lttb)", { what: "heap", lines: 20, peer: "lttb" }, { better: "less", gate: 0.5, target: 0.3 }),
  ...[20_000, 200_000, 1_000_000].map((points) =>
    goal("P12", `inked pixels that differ from all ${points.toLocaleString("en")} points drawn by chart.js; share of what lttb gets wrong`, { what: "difference", lines: 1, peer: "lttb", count: () => points }, { better: "less", gate: 0.5, target: 0.1 })),
];
