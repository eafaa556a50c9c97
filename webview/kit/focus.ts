// Where the keys go when a drawing takes away what had the focus: never nowhere.

/** Whether keys reach an element: it is in the page, on, and not behind a sheet. */
export function isReachable(element: Element | undefined): element is Element {
  return element !== undefined && element.isConnected && !element.matches("[disabled], :disabled") && element.closest("[inert]") === null;
}

/** What can have the focus. */
export type Focusable = HTMLElement | SVGElement;

/** What in `root` has the focus, reachable or not. */
export function focusedIn(root: ParentNode & Node): Focusable | undefined {
  const { activeElement } = document;
  return (activeElement instanceof HTMLElement || activeElement instanceof SVGElement) && activeElement !== root && root.contains(activeElement) ? activeElement : undefined;
}

/**
 * Draws a page by what it answers; what the drawing takes the focus from, hands it to `home`. `home` is told what had it, where it is known.
 * A page that is not in front waits for that: it never takes the keys from another.
 */
export function focusKeeper(root: HTMLElement, home: (lost?: Focusable) => Focusable | undefined): (draw: () => void) => void {
  let lost: Focusable | undefined;
  const settle = (): void => {
    if (!document.hasFocus()) return;
    if (!isReachable(focusedIn(root))) home(lost)?.focus({ preventScroll: true });
    lost = undefined;
  };
  window.addEventListener("focus", settle);
  return (draw) => {
    const held = focusedIn(root);
    draw();
    if (!held || isReachable(held)) return;
    lost = held;
    settle();
  };
}
