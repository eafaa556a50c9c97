// A small form for the ends of an axis.
import { html, render, styled } from "#kit/template";
import { button, link, textField } from "#kit/ui";

export interface LimitsWish {
  /** `Value axis of generator_loss_L1`. */
  readonly title: string;
  readonly low: number;
  readonly high: number;
  apply(limits: readonly [number, number] | undefined): void;
}

/** Asks for two numbers below an element; Escape leaves, Enter applies. */
export function openLimits(anchor: HTMLElement, { title, low, high, apply }: LimitsWish): void {
  const place = document.createElement("div");
  const typed = { low: String(low), high: String(high) };
  let done = false;
  const close = (): void => {
    if (done) return;
    done = true;
    place.remove();
    anchor.focus();
  };
  const commit = (): void => {
    const [from, to] = [Number(typed.low.replace(",", ".")), Number(typed.high.replace(",", "."))];
    if (typed.low.trim() === "" || typed.high.trim() === "" || !(to > from)) return draw("The upper end must be a number above the lower one.");
    close();
    apply([from, to]);
  };
  const keys = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key === "Enter") commit();
  };
  const { left, bottom } = anchor.getBoundingClientRect();
  const draw = (problem = ""): void => {
    render(html`<div class="menu limits" role="dialog" aria-label=${title} ${styled({ top: `${bottom + 2}px`, left: `${Math.max(4, Math.min(left, window.innerWidth - 250))}px` })}>
      <p class="cut">${title}</p>
      <p class="limits-row">${textField({ label: "Lower end", value: typed.low, name: "limitLow", onInput: (text) => (typed.low = text), onKey: keys })} –
        ${textField({ label: "Upper end", value: typed.high, name: "limitHigh", onInput: (text) => (typed.high = text), onKey: keys })}</p>
      ${problem ? html`<p class="wrong" role="alert">${problem}</p>` : ""}
      <p class="limits-row">${button({ label: "Set", primary: true, name: "setLimits", onClick: commit })}
        ${link({ label: "Automatic", name: "noLimits", onClick: () => {
          close();
          apply(undefined);
        } })}<span class="grow"></span>${link({ label: "Cancel", onClick: close })}</p></div>`, place);
  };
  document.body.append(place);
  place.addEventListener("keydown", keys);
  draw();
  place.querySelector<HTMLElement>("[data-action='limitLow']")?.focus();
}
