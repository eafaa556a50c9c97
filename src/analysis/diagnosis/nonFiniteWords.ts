// A search for the first value that is not finite, in a sentence for the log and a notice.
import type { NonFiniteFinding, NonFiniteSearch, ValueRange } from "#model/diagnosis";

/** The whole result in one or two sentences. */
export function describeSearch({ start, runs, found }: NonFiniteSearch): string {
  if (found) return describeFinding(found);
  if (!start) return "The first value that is not finite cannot be searched for: no state is left in which all variables are finite.";
  return `All values of ${runs} checked ${runs === 1 ? "run" : "runs"} from ${describeStart(start)} were finite.`;
}

/** `First value that is not finite: loss/Log (Log, model.ts:42) at step 1,234: ∞ in 1 of 900 values; numbers:0 was 0 to 0.93.` */
export function describeFinding({ node, op, source, step, value, inputs }: NonFiniteFinding): string {
  const place = source ? `${op}, ${source.file.replace(/^.*[\\/]/, "")}:${source.line}` : op;
  const at = step === undefined ? "" : ` at step ${step.toLocaleString("en")}`;
  const ranges = inputs.map((input) => `${input.name} was ${describeRange(input)}`);
  return `First value that is not finite: ${node} (${place})${at}: ${[describeBroken(value), ...ranges].join("; ")}.`;
}

/** `NaN in 4 of 128 values`. */
export function describeBroken({ nan, infinite, elements }: ValueRange): string {
  const kinds = [...(nan > 0 ? [`NaN in ${nan.toLocaleString("en")}`] : []), ...(infinite > 0 ? [`∞ in ${infinite.toLocaleString("en")}`] : [])];
  return `${kinds.join(" and ")} of ${elements.toLocaleString("en")} ${elements === 1 ? "value" : "values"}`;
}

/** `0 to 0.93`, or the one value: of the finite ones. */
export function describeRange({ min, max, elements }: ValueRange): string {
  if (min === undefined || max === undefined) return elements > 0 ? "none finite" : "empty";
  return min === max ? short(min) : `${short(min)} to ${short(max)}`;
}

function describeStart({ kind, step }: NonNullable<NonFiniteSearch["start"]>): string {
  const at = step === undefined ? "" : ` of step ${step.toLocaleString("en")}`;
  if (kind === "present") return `the present state${at}`;
  return kind === "memory" ? `the state${at}, kept in memory,` : `the checkpoint${at}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}
