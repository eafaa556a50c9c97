// A menu that opens from a button: rows that do something, tick something, or say why not; all of it by keyboard too.
import { html, nothing, render, styled, type Content } from "./template";
import { iconOf } from "./ui";

/** A row of a menu. */
export type MenuItem =
  | { readonly kind: "separator" }
  | {
    readonly kind?: "item";
    readonly label: string;
    readonly checked?: boolean;
    readonly disabled?: boolean;
    /** At the end of the row: a key, a unit. */
    readonly hint?: string;
    readonly name?: string;
    /** Before the label: a sample. */
    readonly lead?: Content;
    run(): void;
  };

/** Opens a menu below an element. It closes after a choice, with Escape and when the focus leaves; then the element has the focus again. */
export function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const menu = document.createElement("div");
  menu.className = "menu-place";
  let closed = false;
  const close = (back: boolean): void => {
    if (closed) return;
    closed = true;
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (back) anchor.focus();
  };
  const rows = (): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>("[role^='menuitem']")];
  const move = (by: number): void => {
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), Home: () => rows()[0]?.focus(), End: () => rows().at(-1)?.focus(), Escape: () => close(true), Tab: () => close(true),
  };
  menu.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    event.stopPropagation();
    if (!act) return;
    event.preventDefault();
    act();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !menu.contains(relatedTarget)) close(false);
  });
  const { left, bottom } = anchor.getBoundingClientRect();
  const choose = (run: () => void): void => {
    close(true);
    run();
  };
  // Within the page's landmark, for those who go from one to the next.
  (document.querySelector("main") ?? document.body).append(menu);
  render(html`<div class="menu" role="menu" aria-label=${label} ${styled({ top: `${bottom + 2}px`, left: `${left}px` })}>${items.map((item) =>
    item.kind === "separator" ? html`<div class="menu-line" role="separator"></div>` : html`<button
      type="button" class="menu-item" role=${item.checked === undefined ? "menuitem" : "menuitemcheckbox"} tabindex="-1"
      aria-checked=${item.checked === undefined ? nothing : String(item.checked)} aria-disabled=${item.disabled ? "true" : nothing} data-action=${item.name ?? nothing}
      @click=${() => !item.disabled && choose(item.run)}
    ><span class="menu-tick">${item.checked ? iconOf("check") : nothing}</span>${item.lead ?? nothing}<span class="cut">${item.label}</span><span class="grow"></span>
      ${item.hint ? html`<span class="secondary">${item.hint}</span>` : nothing}</button>`)}</div>`, menu);
  anchor.setAttribute("aria-expanded", "true");
  placeInside(menu.firstElementChild as HTMLElement);
  (rows().find((row) => row.getAttribute("aria-checked") === "true") ?? rows()[0])?.focus();
}

/** Moves a box that would reach beyond the page. */
function placeInside(box: HTMLElement): void {
  const { left, right, bottom, height } = box.getBoundingClientRect();
  if (right > window.innerWidth) box.style.setProperty("left", `${Math.max(4, left - (right - window.innerWidth) - 4)}px`);
  if (bottom > window.innerHeight) box.style.setProperty("top", `${Math.max(4, window.innerHeight - height - 4)}px`);
}
