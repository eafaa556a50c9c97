// The editor's colours for what is drawn on a canvas, read from its CSS variables and again when the theme changes.
import type { Disposable } from "#base/lifetime";
import { parseColor, printColor, readable, withAlpha, type Rgba } from "./color";

/** Everything a canvas needs to know of the theme. Colours are CSS text. */
export interface Theme {
  readonly highContrast: boolean;
  readonly reduceMotion: boolean;
  readonly background: string;
  readonly foreground: string;
  readonly secondary: string;
  readonly axis: string;
  readonly grid: string;
  readonly error: string;
  readonly warning: string;
  readonly font: string;
  readonly series: readonly SeriesStyle[];
}

/** How one run is drawn: its colour and, for eyes that do not tell colours apart, its dash pattern. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: readonly number[];
}

const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5], [9, 3, 2, 3]];
// Red and yellow mean error and warning, so no run has them.
const seriesTokens = ["--vscode-charts-blue", "--vscode-charts-orange", "--vscode-charts-purple", "--vscode-charts-green"];

const black: Rgba = [0, 0, 0, 1];
const grey: Rgba = [128, 128, 128, 1];

/** Reads a theme through `token`, which gives a CSS variable's text, and the classes of the body. */
export function themeOf(token: (name: string) => string, classes: ReadonlySet<string>): Theme {
  const color = (name: string, otherwise: Rgba): Rgba => parseColor(token(name)) ?? otherwise;
  const highContrast = classes.has("vscode-high-contrast");
  const ground = color("--vscode-editor-background", black);
  const foreground = color("--vscode-foreground", grey);
  const lines = color("--vscode-charts-lines", withAlpha(foreground, 0.5));
  return {
    highContrast,
    reduceMotion: classes.has("vscode-reduce-motion"),
    background: printColor(ground),
    foreground: printColor(foreground),
    secondary: printColor(color("--vscode-descriptionForeground", foreground)),
    axis: printColor(highContrast ? foreground : withAlpha(lines, 2 / 3)),
    grid: printColor(withAlpha(lines, highContrast ? 0.4 : 0.3)),
    error: printColor(color("--vscode-errorForeground", foreground)),
    warning: printColor(color("--vscode-editorWarning-foreground", foreground)),
    font: token("--vscode-font-family") || "sans-serif",
    series: Array.from({ length: 16 }, (_, index) => seriesStyle(index, { color, ground, foreground, highContrast })),
  };
}

interface Palette {
  readonly color: (name: string, otherwise: Rgba) => Rgba;
  readonly ground: Rgba;
  readonly foreground: Rgba;
  readonly highContrast: boolean;
}

// Sixteen pairs: four colours, and with each further round the dashes move on by one.
function seriesStyle(index: number, { color, ground, foreground, highContrast }: Palette): SeriesStyle {
  const own = color(seriesTokens[index % 4] ?? "", foreground);
  const line = readable(own, { ground, foreground, ratio: highContrast ? 4.5 : 3 });
  return {
    color: printColor(line),
    dash: dashes[(index + Math.floor(index / 4)) % 4] ?? [],
  };
}

/** The theme as the page has it now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  return themeOf((name) => style.getPropertyValue(name).trim(), new Set(document.body.classList));
}

/** Calls `changed` when the editor's theme does. A canvas resolves colours once, so it must be told. */
export function watchTheme(changed: (theme: Theme) => void): Disposable {
  const observer = new MutationObserver(() => changed(readTheme()));
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return { dispose: () => observer.disconnect() };
}
