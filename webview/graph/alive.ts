// The words and marks of a drawing alive: time of each box, where a value broke, and the banner that says so.
import type { BoxTime, Broken } from "#analysis/diagnosis/life";
import { describeBroken, describeRange, describeSearch } from "#analysis/diagnosis/nonFiniteWords";
import type { NonFiniteFinding } from "#model/diagnosis";
import { numbers } from "#kit/numbers";
import { html, nothing, svg, type Content, type TemplateResult } from "#kit/template";
import { iconButton, iconOf, link } from "#kit/ui";
import { lastPart } from "#model/scopedName";
import type { Actions } from "./actions";
import { overlayOf } from "./overlay";
import { brokenCause, type GraphState } from "./state";

/** Of what a broken value reached, a card shows the first. */
const mostSpread = 8;

/** `117 ms · 16.4 %`. */
export function timeWords({ milliseconds, share }: BoxTime): string {
  const time = milliseconds < 0.1 ? "< 0.1 ms" : `${numbers.value(milliseconds)} ms`;
  return `${time} · ${share < 0.001 ? "< 0.1" : Number((share * 100).toPrecision(share < 0.1 ? 2 : 3))} %`;
}

/** Marks around `x` in the first line of a box: a value broke here, or it came here. */
export function brokenMark(kind: Broken, x: number): TemplateResult {
  return kind === "first"
    ? svg`<g class="broken-mark"><title>First value that is not finite</title><circle cx=${x} cy="14" r="6"></circle><path d="M${x - 2.5} 11.5L${x + 2.5} 16.5M${x + 2.5} 11.5L${x - 2.5} 16.5"></path></g>`
    : svg`<g class="broken-mark"><title>Values that are not finite came here</title><path d="M${x} 8.5L${x + 6.5} 19.5H${x - 6.5}ZM${x} 12.5V16M${x} 17.4V18.2"></path></g>`;
}

/** One line above the drawing: the first broken value, or that recorded values are not finite and can be searched. */
export function banner(state: GraphState, actions: Actions): Content {
  const { life, dismissed, searching } = state;
  const { nonFinite, brokenTag, running } = life ?? {};
  const close = iconButton({ icon: "close", label: "Dismiss", name: "dismiss", onClick: () => actions.closeBanner() });
  const curves = brokenTag === undefined ? nothing : link({ label: "Curve", name: "broken-curve", title: `Show ${brokenTag} in the curves`, onClick: () => actions.showCurve(brokenTag) });
  if (searching) return line("info", html`Running the step again with a check behind every operation…`, nothing);
  if (dismissed !== undefined && dismissed === brokenCause(life)) return nothing;
  const found = nonFinite?.found;
  if (found) {
    const at = found.step === undefined ? "" : `, step ${numbers.count(found.step)}`;
    return line("error", html`First value that is not finite: <code title=${found.node}>${found.node}</code>${at}`, html`${link({ label: "Show", name: "show-broken", onClick: () => actions.reveal(found.node) })}${curves}${close}`);
  }
  if (nonFinite) return line("info", describeSearch(nonFinite), html`${curves}${close}`);
  if (!brokenTag) return nothing;
  const search = running ? link({ label: "Find the first bad value", name: "search-broken", onClick: () => actions.searchNonFinite() }) : nothing;
  return line("warning", html`<code>${brokenTag}</code> has values that are not finite.`, html`${search}${curves}${close}`);
}

function line(icon: "error" | "warning" | "info", text: Content, end: Content): Content {
  return html`<div class="banner banner-${icon}" role="status">${iconOf(icon)}<span class="cut">${text}</span><span class="grow"></span>${end}</div>`;
}

/** What happened, in the card of the operation that began it. */
export function brokenSection(found: NonFiniteFinding, state: GraphState, actions: Actions): Content {
  const { start } = state.life?.nonFinite ?? {};
  const from = start?.kind === "checkpoint" ? start.prefix?.split(/[\\/]/).at(-1) : start?.kind === "memory" ? "a state kept in memory" : "the present state";
  const spread = (found.spread ?? []).slice(0, mostSpread);
  const rows = [...found.inputs, { name: found.node, ...found.value }, ...spread];
  const others = found.reached.slice(spread.length, mostSpread);
  const more = found.reached.length + found.moreReached - spread.length - others.length;
  return html`<section class="card-section"><h3 class="capitals">What happened</h3>
    <p>${describeBroken(found.value)}${found.step === undefined ? "" : ` at step ${numbers.count(found.step)}`}.</p>
    <p class="secondary">Step run again with checks from ${from}${start?.step === undefined ? "" : `, step ${numbers.count(start.step)}`}.</p>
    <table class="ranges"><thead><tr><th>Value</th><th>Finite</th><th>Bad</th></tr></thead><tbody>
      ${rows.map((row) => html`<tr class=${row.name === found.node ? "ranges-first" : ""}><td class="cut" title=${row.name}>${row.name === found.node ? html`${iconOf("error")} <b>${lastPart(row.name)}</b>`
        : html`<button type="button" class="link cut" @click=${() => actions.reveal(operationOf(row.name))}>${lastPart(row.name)}</button>`}</td><td>${describeRange(row)}</td><td>${numbers.count(row.nan + row.infinite)}</td></tr>`)}</tbody></table>
    ${others.length > 0 ? html`<h3 class="capitals">Reached by it</h3>${others.map((name) => html`<p class="card-row">
      <button type="button" class="link cut" title=${name} @click=${() => actions.reveal(name)}>${name}</button></p>`)}` : nothing}
    ${more > 0 ? html`<p class="secondary">It reached ${numbers.count(more)} more operations.</p>` : nothing}</section>`;
}

/** The operation behind a tensor's name. */
function operationOf(tensor: string): string {
  return tensor.replace(/:\d+$/, "");
}

/** What the marks of a broken training mean; nothing where there are none. */
export function brokenLegend({ life }: GraphState): Content {
  if (!life?.nonFinite?.found) return nothing;
  return html`<span class="legend-item legend-broken">${iconOf("error")}first value that is not finite</span><span class="legend-item legend-broken">${iconOf("warning")}reached by it</span>`;
}

/** Below the drawing while boxes are coloured by time. */
export function timeLegend(state: GraphState): Content {
  const { life, times } = state;
  const samples = ["under 1 %", "1 to 10 %", "10 to 30 %", "over 30 %"];
  const whole = overlayOf(state).times?.get("");
  const said = !life?.running ? "Times are those of a running training."
    : !times || !whole ? "Waiting for the first timed run…"
    : `${times.step === undefined ? "" : `Step ${numbers.count(times.step)}. `}One run in ${times.everySeconds} s is timed: ${numbers.value(whole.milliseconds)} ms, at most ${numbers.bytes(whole.liveBytes)} of tensors alive.${times.handedOver ? " Times to hand work over: the device computes later." : ""}`;
  return html`<span class="legend"><span>Share of the run</span>${samples.map((word, index) => html`<span class="legend-item"><svg class="sample" viewBox="0 0 20 12" aria-hidden="true"><rect class="sample-box heat-${index}" x="0.5" y="0.5" width="17" height="11" rx="3"></rect></svg>${word}</span>`)}${brokenLegend(state)}</span>
    <span class="cut status-words" role="status" title=${said}>${said}</span>`;
}
