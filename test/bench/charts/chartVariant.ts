// What a chart must do to be measured, and the size and look that all of them share.

/** Ends of the step axis. */
export type Ends = readonly [from: number, to: number];

/** A chart on the page. */
export interface MeasuredChart {
  /** Shows another part of the steps; what it leaves to a microtask is waited for. */
  show(ends: Ends): void;
  readonly canvas: HTMLCanvasElement;
}

/** Size of the whole canvas, and the plot's area in it: the lanes of our own chart, left empty by the others. */
export const size = { width: 1200, height: 600 };
export const area = { left: 44, top: 24, right: size.width - 12, bottom: size.height - 40 };
export const lineWidth = 1.75;

/** Colours of the lines; white behind them. */
export function colorOf(line: number): string {
  return `hsl(${(line * 47) % 360} 70% 45%)`;
}
