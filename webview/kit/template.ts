// The template library under one roof, and the one directive that positions things without inline styles.
import { nothing, type TemplateResult } from "lit-html";
import { Directive, directive, type ElementPart } from "lit-html/directive.js";

export { html, nothing, render, svg, type TemplateResult } from "lit-html";
export { classMap } from "lit-html/directives/class-map.js";
export { guard } from "lit-html/directives/guard.js";
export { live } from "lit-html/directives/live.js";
export { repeat } from "lit-html/directives/repeat.js";

/** Anything a template can hold. */
export type Content = TemplateResult | readonly TemplateResult[] | string | number | Node | typeof nothing | undefined;

class SetProperties extends Directive {
  #before: Readonly<Record<string, string>> = {};

  override render(_: Readonly<Record<string, string>>): typeof nothing {
    return nothing;
  }

  override update({ element }: ElementPart, [properties]: [Readonly<Record<string, string>>]): typeof nothing {
    const { style } = element as HTMLElement | SVGElement;
    for (const name of Object.keys(this.#before)) if (!(name in properties)) style.removeProperty(name);
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
    this.#before = properties;
    return nothing;
  }
}

/** Sets CSS properties through the object model: `style` attributes are refused by the content security policy. */
export const styled = directive(SetProperties);
