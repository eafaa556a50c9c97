// A tooltip that stays: it is moved by its head with the pointer, or by arrow keys from its handle.
import { html, type Content } from "#kit/template";
import { iconButton } from "#kit/ui";

/** Where a tooltip was moved to, in pixels of its plot. */
export interface BoxPlace {
  readonly left: number;
  readonly top: number;
}

const steps: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Pixels of one press of a key, and of one with Shift. */
const stride = { usual: 8, far: 40 };

/** What a tooltip holds once it stays. */
export function pinned(content: Content, moved: (to: BoxPlace) => void): Content {
  return html`<div class="tooltip-pinned" role="group" aria-label="Values that stay until they are closed"
    @pointerdown=${(event: PointerEvent) => drag(event, moved)} @keydown=${(event: KeyboardEvent) => step(event, moved)}>${content}</div>`;
}

/** Takes the focus so that keys can move the tooltip. */
export function moveHandle(): Content {
  return iconButton({ icon: "gripper", label: "Move: arrow keys, or drag", name: "moveReadout", onClick: () => undefined });
}

function step(event: KeyboardEvent, moved: (to: BoxPlace) => void): void {
  const way = steps[event.key];
  const box = boxOf(event);
  if (!way || !box || !(event.target as Element).closest("[data-action='moveReadout']")) return;
  event.preventDefault();
  const far = event.shiftKey ? stride.far : stride.usual;
  moved(within(box, { left: box.offsetLeft + way[0] * far, top: box.offsetTop + way[1] * far }));
}

function drag(event: PointerEvent, moved: (to: BoxPlace) => void): void {
  const box = boxOf(event);
  const grip = (event.target as Element).closest("button")?.dataset.action;
  if (!box || !(event.target as Element).closest(".readout-head") || (grip !== undefined && grip !== "moveReadout")) return;
  event.preventDefault();
  const start = { x: event.clientX - box.offsetLeft, y: event.clientY - box.offsetTop };
  const move = ({ clientX, clientY }: PointerEvent): void => moved(within(box, { left: clientX - start.x, top: clientY - start.y }));
  const end = (): void => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
}

function boxOf({ currentTarget }: Event): HTMLElement | undefined {
  return (currentTarget as HTMLElement).closest<HTMLElement>(".tooltip") ?? undefined;
}

/** Its head never leaves the plot: it could not be moved back. */
function within(box: HTMLElement, { left, top }: BoxPlace): BoxPlace {
  const { clientWidth, clientHeight } = box.offsetParent ?? document.documentElement;
  const head = 24;
  return { left: Math.max(0, Math.min(left, clientWidth - box.offsetWidth)), top: Math.max(0, Math.min(top, clientHeight - head)) };
}
