// The controls of our pages. The only importer of the toolkit: it is archived, so it must be replaceable in this one file.
import {
  provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeDropdown, vsCodeOption, vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { html, live, nothing, styled, type Content, type TemplateResult } from "./template";

/** Makes the toolkit's elements known to the page; call once before the first drawing. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());
}

export interface ButtonOptions {
  readonly label: string;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Id of the text that says what will happen, or why not. */
  readonly describedBy?: string;
  readonly name?: string;
  readonly onClick: () => void;
}

/** A button whose label names the act. */
export function button({ label, primary, disabled, describedBy, name, onClick }: ButtonOptions): TemplateResult {
  return html`<vscode-button
    class="button" appearance=${primary ? "primary" : "secondary"} ?disabled=${disabled ?? false}
    aria-describedby=${describedBy ?? nothing} data-action=${name ?? nothing} @click=${() => !disabled && onClick()}
  >${label}</vscode-button>`;
}

export interface IconButtonOptions {
  readonly icon: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly name?: string;
  readonly tabIndex?: number;
  readonly onClick: (event: Event) => void;
}

/** A codicon with a name for those who do not see it; 24 × 24. */
export function iconButton({ icon, label, disabled, pressed, name, tabIndex, onClick }: IconButtonOptions): TemplateResult {
  return html`<button
    type="button" class="icon-button" title=${label} aria-label=${label} ?disabled=${disabled ?? false}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)} data-action=${name ?? nothing}
    tabindex=${tabIndex ?? nothing} @click=${onClick}
  >${iconOf(icon)}</button>`;
}

/** A codicon that stands beside words. */
export function iconOf(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}

/** Words that do something small, in the colour of links. */
export function link({ label, name, title, onClick }: {
  readonly label: Content; readonly name?: string; readonly title?: string; readonly onClick: () => void;
}): TemplateResult {
  return html`<button type="button" class="link" data-action=${name ?? nothing} title=${title ?? nothing} @click=${onClick}
  >${label}</button>`;
}

export interface CheckboxOptions {
  readonly label: Content;
  readonly checked: boolean;
  readonly disabled?: boolean;
  /** Said instead of the label where that is not shown. */
  readonly ariaLabel?: string;
  readonly name?: string;
  readonly onChange: (checked: boolean) => void;
}

export function checkbox({ label, checked, disabled, ariaLabel, name, onChange }: CheckboxOptions): TemplateResult {
  // The listener comes before the value: the element announces its own drawing too, and only what differs from it is the person's.
  return html`<vscode-checkbox
    @change=${(event: Event) => {
      const now = (event.target as HTMLInputElement).checked;
      if (now !== checked) onChange(now);
    }}
    class="checkbox" .checked=${live(checked)} ?disabled=${disabled ?? false} aria-label=${ariaLabel ?? nothing}
    data-action=${name ?? nothing}
  >${label}</vscode-checkbox>`;
}

export interface RadioOptions {
  /** Name of the choice that it is one answer of. */
  readonly group: string;
  readonly label: string;
  /** What follows from it. */
  readonly text: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly onChange: () => void;
}

/** One of a few answers, with its consequence below it. The browser's own element: arrow keys and grouping come with it. */
export function radio({ group, label, text, checked, disabled, name, onChange }: RadioOptions): TemplateResult {
  return html`<label class="radio"><input type="radio" name=${group} .checked=${live(checked)} ?disabled=${disabled ?? false} data-action=${name ?? nothing}
    @change=${(event: Event) => (event.target as HTMLInputElement).checked && onChange()} /><span>${label}<span class="radio-text">${text}</span></span></label>`;
}

export interface DropdownOptions<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly name?: string;
  readonly onChange: (value: Value) => void;
}

/** A choice of a few. The shown word carries what is chosen for what, so it needs no label beside it. */
export function dropdown<Value extends string>({ label, value, options, name, onChange }: DropdownOptions<Value>): TemplateResult {
  return html`<vscode-dropdown
    class="dropdown" aria-label=${label} data-action=${name ?? nothing} .value=${live(value)}
    @change=${(event: Event) => {
      const chosen = options.find((option) => option.value === (event.target as HTMLSelectElement).value);
      if (chosen && chosen.value !== value) onChange(chosen.value);
    }}
  >${options.map((option) => html`<vscode-option value=${option.value} ?selected=${option.value === value}>${option.label}</vscode-option>`)}</vscode-dropdown>`;
}

export interface TextFieldOptions {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly icon?: string;
  readonly className?: string;
  readonly name?: string;
  readonly disabled?: boolean;
  readonly onInput?: (value: string) => void;
  /** Enter, or leaving the field: until then what is typed is the person's, and no redraw takes it away. */
  readonly onCommit?: (value: string) => void;
  readonly onKey?: (event: KeyboardEvent) => void;
}

export function textField(options: TextFieldOptions): TemplateResult {
  const { label, value, placeholder, className, name, disabled, onInput, onCommit, onKey } = options;
  const text = (event: Event): string => (event.target as HTMLInputElement).value;
  return html`<vscode-text-field
    class="text-field ${className ?? ""}" aria-label=${label} placeholder=${placeholder ?? nothing} .value=${onCommit ? value : live(value)}
    ?disabled=${disabled ?? false} data-action=${name ?? nothing} @input=${(event: Event) => onInput?.(text(event))}
    @change=${(event: Event) => {
      if (!onCommit) return;
      const typed = text(event);
      // What comes of it is drawn; where nothing does, the field shows again what holds.
      (event.target as HTMLInputElement).value = value;
      onCommit(typed);
    }} @keydown=${(event: KeyboardEvent) => onKey?.(event)}
  >${options.icon ? html`<span slot="start" class="codicon codicon-${options.icon}" aria-hidden="true"></span>` : nothing}</vscode-text-field>`;
}

/** A slider from 0 to 1. The browser's own element: the toolkit has none. */
export function slider({ label, value, text, name, onInput }: {
  readonly label: string; readonly value: number; readonly text: string; readonly name?: string; readonly onInput: (value: number) => void;
}): TemplateResult {
  return html`<input
    type="range" class="slider" min="0" max="1" step="0.005" aria-label=${label} aria-valuetext=${text} data-action=${name ?? nothing}
    .value=${live(String(value))} ${styled({ "--filled": `${value * 100}%` })}
    @input=${(event: Event) => onInput(Number((event.target as HTMLInputElement).value))}
  />`;
}

/** One thing said above what it speaks of: icon, words, at most one link at the end. */
export function notice({ icon: name, text, action, kind = "info" }: {
  readonly icon: string; readonly text: Content; readonly action?: Content; readonly kind?: "info" | "warning" | "error";
}): TemplateResult {
  return html`<div class="notice notice-${kind}" role="status">${iconOf(name)}<span class="notice-text">${text}</span>${action ?? nothing}</div>`;
}

/** Fills the page with one fact, at most one sentence and one button. */
export function blank({ title, text, action }: { readonly title: string; readonly text?: Content; readonly action?: Content }): TemplateResult {
  return html`<div class="blank" role="status"><p class="blank-title">${title}</p>${text ? html`<p class="blank-text">${text}</p>` : nothing}${action ?? nothing}</div>`;
}
