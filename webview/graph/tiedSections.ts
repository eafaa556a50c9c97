// In the card: what checkpoints hold of a box's variables, and what leads to the run's curves and checkpoints.
import { shapeWords } from "#analysis/diagram/boxes";
import type { GraphVariable } from "#model/graph";
import type { VariableStatistics } from "#model/checkpointLook";
import { lastPart } from "#model/scopedName";
import type { VariableValues } from "#protocol/graphViewApi";
import { numbers } from "#kit/numbers";
import { html, nothing, svg, type Content } from "#kit/template";
import { iconOf, link } from "#kit/ui";
import type { Actions } from "./actions";
import { boxLink } from "./links";
import type { GraphState } from "./state";

const curve = { width: 62, height: 14 };
const mostRows = 5;

/** The variables of the selection: one in full, several by their norms. */
export function variablesSection(state: GraphState, actions: Actions): Content {
  const { ties, values } = state;
  if (!ties || ties.variables.length === 0 || ties.name !== state.selected) return nothing;
  const [first] = ties.variables;
  const known = values?.name === ties.name ? values : undefined;
  const missing = state.file || !known || known.values ? nothing : html`<p class="secondary">${known.problem ?? "No checkpoint holds values of it."}</p>`;
  const from = known?.values ? (known.values.prefix.split(/[\\/]/).at(-1) ?? "") : "";
  const several = ties.variables.length > 1;
  return html`<section class="card-section" data-section="variables"><h3 class="capitals card-row">${several ? (ties.inside ? "Variables" : "Reads") : "Values"}<span class="grow"></span>
      <span class="secondary plain">${several && from ? `norm, ${from}` : from}</span></h3>
    ${several || !first ? ties.variables.slice(0, mostRows).map((variable) => normRow(variable, known?.values, { within: ties.inside ? `${ties.name}/` : "", actions })) : oneVariable(first, known?.values, { self: first.name === ties.name, actions })}
    ${ties.variables.length > mostRows && !state.file ? html`<p>${link({ label: `All ${numbers.counted(ties.variables.length, "variable", "variables")}`, name: "allVariables", onClick: () => actions.showTied("checkpoints", ties.name) })}</p>` : nothing}${missing}</section>`;
}

function normRow({ name, stored, shape }: GraphVariable, values: VariableValues | undefined, { within, actions }: { readonly within: string; readonly actions: Actions }): Content {
  const at = values?.variables.findIndex((variable) => variable.name === stored) ?? -1;
  const found = values?.variables[at];
  const short = name.startsWith(within) ? name.slice(within.length) : name;
  return html`<p class="card-row"><button type="button" class="link cut" title=${name} @click=${() => actions.reveal(name)}>${short}</button><span class="grow"></span>
    ${found && values ? html`${course(values.history.map(({ norms }) => norms[at]), `Norm of ${name} over ${numbers.counted(values.history.length, "checkpoint", "checkpoints")}`)}<span class=${isBroken(found) ? "norm wrong" : "norm"}>${isBroken(found) ? "NaN" : numbers.value(found.norm)}</span>`
      : html`<span class="shape-words">${shapeWords(shape)}</span>`}</p>`;
}

function oneVariable({ name, stored, shape, elements }: GraphVariable, values: VariableValues | undefined, { self, actions }: { readonly self: boolean; readonly actions: Actions }): Content {
  const at = values?.variables.findIndex((variable) => variable.name === stored) ?? -1;
  const found = values?.variables[at];
  const rows: readonly (readonly [string, Content])[] = [
    ["Shape", html`<span class="mono">${shapeWords(shape)}</span> <span class="secondary">${numbers.count(elements)}</span>`],
    ...(found ? [
      ["Mean, std", `${numbers.value(found.mean)}, ${numbers.value(found.std)}`], ["Min, max", `${numbers.value(found.min)}, ${numbers.value(found.max)}`],
      ["Not finite", html`<span class=${isBroken(found) ? "wrong" : ""}>${numbers.count(found.nan + found.infinite)}</span>`], ["Zeros", numbers.count(found.zeros)],
    ] as const : []),
  ];
  return html`${self ? nothing : html`<p class="card-row">${boxLink(name, actions)}</p>`}<dl>${rows.map(([word, value]) => html`<dt>${word}</dt><dd>${value}</dd>`)}</dl>
    ${found && values ? html`<p class="card-row"><span class="secondary">Norm</span><span class="grow"></span>${course(values.history.map(({ norms }) => norms[at]), `Norm over ${numbers.counted(values.history.length, "checkpoint", "checkpoints")}`)}<span class="norm">${numbers.value(found.norm)}</span></p>` : nothing}`;
}

function isBroken({ nan, infinite }: VariableStatistics): boolean {
  return nan + infinite > 0;
}

/** How a figure went over the checkpoints; one alone has no course. */
function course(norms: readonly (number | undefined)[], label: string): Content {
  const points = norms.flatMap((norm, index) => (norm !== undefined && Number.isFinite(norm) ? [{ norm, index }] : []));
  if (points.length < 2) return nothing;
  const all = points.map(({ norm }) => norm);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (norm: number): number => (high === low ? curve.height / 2 : 1 + (curve.height - 2) * (1 - (norm - low) / (high - low)));
  const line = points.map(({ norm, index }) => `${Math.round((index / (norms.length - 1)) * curve.width * 10) / 10},${Math.round(y(norm) * 10) / 10}`).join(" ");
  return html`<svg class="course" viewBox="0 0 ${curve.width} ${curve.height}" role="img" aria-label="${label}: ${numbers.value(all[0] ?? 0)} to ${numbers.value(all.at(-1) ?? 0)}">${svg`<polyline points=${line}></polyline>`}</svg>`;
}

/** Ways to the run's other views. */
export function tiesSection({ ties, values, selected, file }: GraphState, actions: Actions): Content {
  if (file || !ties || ties.name !== selected || ties.tags.length + ties.variables.length === 0) return nothing;
  const kinds = [...new Set(ties.tags.map(lastPart))];
  const words = kinds.length > 3 ? "" : kinds.join(", ");
  const known = values?.name === ties.name ? values.values : undefined;
  return html`<section class="card-section" data-section="ties"><h3 class="capitals">Curves and checkpoints</h3>
    ${ties.tags.length > 0 ? html`<p class="card-row">${iconOf("graph-line")}${link({ label: numbers.counted(ties.tags.length, "tag", "tags"), name: "curves", title: ties.tags.slice(0, 20).join("\n"), onClick: () => actions.showTied("curves", ties.name) })}
      <span class="grow"></span><span class="secondary cut">${words}</span></p>` : nothing}
    ${ties.variables.length > 0 ? html`<p class="card-row">${iconOf("archive")}${link({ label: known ? (known.prefix.split(/[\\/]/).at(-1) ?? "checkpoint") : "Checkpoints", name: "checkpoints", onClick: () => actions.showTied("checkpoints", ties.name) })}
      <span class="grow"></span><span class="secondary">${numbers.counted(ties.variables.length, "variable", "variables")}${ties.inside ? "" : " read"}</span></p>` : nothing}</section>`;
}
