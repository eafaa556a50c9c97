// One chart as a picture for a paper: its own colours, white or dark, no theme of an editor.
import { numbers } from "#kit/numbers";
import { themeOf, type Theme } from "#kit/theme";
import { drawAxes } from "./axisDraw";
import { drawPlot, type Area, type Ink } from "./ink";
import { axisWord } from "./places";
import { plotModel, type PlotModel } from "./plotModel";
import type { ChartView, View } from "./requests";
import { cutMiddle } from "./sections";
import { SvgInk } from "./svgInk";

/** Size of a figure across a column of text, in CSS pixels; pictures have three pixels for each. */
const size = { width: 640, height: 400 };
const scale = 3;
const room = { left: 64, right: 20, top: 56, bottom: 52 };
const font = "Helvetica, Arial, sans-serif";

/** A letter of the title is about so wide. */
const titleLetter = 8;
/** Room for the count of lines that the key does not name. */
const moreWidth = 70;

export type Paper = "light" | "dark";

const lightTokens: Readonly<Record<string, string>> = {
  "--vscode-editor-background": "#ffffff", "--vscode-foreground": "#1a1a1a", "--vscode-descriptionForeground": "#555555", "--vscode-charts-lines": "rgba(26, 26, 26, 0.5)",
  "--vscode-errorForeground": "#c01818", "--vscode-charts-blue": "#1a6fc4", "--vscode-charts-orange": "#b5651d", "--vscode-charts-purple": "#6f3fa0", "--vscode-charts-green": "#2f7d32",
};
const darkTokens: Readonly<Record<string, string>> = {
  "--vscode-editor-background": "#1b1b1b", "--vscode-foreground": "#e6e6e6", "--vscode-descriptionForeground": "#aaaaaa", "--vscode-charts-lines": "rgba(230, 230, 230, 0.5)",
  "--vscode-errorForeground": "#f48771", "--vscode-charts-blue": "#4aa3ff", "--vscode-charts-orange": "#e0943a", "--vscode-charts-purple": "#bf93e6", "--vscode-charts-green": "#86cf8a",
};

/** The colours of a paper. */
function paperTheme(paper: Paper): Theme {
  const tokens = paper === "light" ? lightTokens : darkTokens;
  return { ...themeOf((name) => tokens[name] ?? "", new Set()), font };
}

/** The text of an SVG document. */
export function chartSvg(view: View, chart: ChartView, paper: Paper): string {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("this page cannot measure text");
  const theme = paperTheme(paper);
  const ink = new SvgInk(context);
  drawFigure(ink, modelOf(view, chart), { view, chart, theme });
  return ink.document({ ...size, background: theme.background });
}

/** The bytes of a PNG file. */
export async function chartPng(view: View, chart: ChartView, paper: Paper): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  canvas.width = size.width * scale;
  canvas.height = size.height * scale;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this page cannot draw");
  const theme = paperTheme(paper);
  context.scale(scale, scale);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, size.width, size.height);
  drawFigure(context, modelOf(view, chart), { view, chart, theme });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the picture could not be made");
  return new Uint8Array(await blob.arrayBuffer());
}

function modelOf(view: View, chart: ChartView): PlotModel {
  return plotModel(view, chart, { narrow: false, numbers, locale: document.documentElement.lang || navigator.language });
}

/** Title, key of the lines, axes with their names, lines. */
function drawFigure(ink: Ink, model: PlotModel, { view, chart, theme }: { readonly view: View; readonly chart: ChartView; readonly theme: Theme }): void {
  const area: Area = { left: room.left, right: size.width - room.right, top: room.top, bottom: size.height - room.bottom };
  ink.textBaseline = "middle";
  ink.fillStyle = theme.foreground;
  ink.font = `600 14px ${font}`;
  ink.fillText(cutMiddle(chart.plan.tags.join(" + "), Math.floor((area.right - area.left) / titleLetter)), area.left, 16);
  drawKey(ink, { chart, theme, area });
  drawAxes(ink, model, { theme, area, look: { font: `12px ${font}`, labelsBelow: 16, mark: 4 } });
  drawPlot(ink, model, { area, theme });
  ink.font = `12px ${font}`;
  ink.fillStyle = theme.secondary;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  const { settings } = view.state;
  const smoothing = chart.smoothing.weight > 0 ? `, smoothed ${chart.smoothing.weight}` : "";
  ink.fillText(`${axisWord(settings.x)}${settings.xScale === "log" ? " (logarithmic)" : ""}${smoothing}`, (area.left + area.right) / 2, size.height - 14);
}

function drawKey(ink: Ink, { chart, theme, area }: { readonly chart: ChartView; readonly theme: Theme; readonly area: Area }): void {
  ink.font = `12px ${font}`;
  let left = area.left;
  for (const [at, line] of chart.lines.entries()) {
    const style = theme.series[line.style];
    const { width } = ink.measureText(line.name);
    const others = chart.lines.length - at;
    // The count of the others must fit behind it, unless it is the last.
    if (left + width + 34 + (others > 1 ? moreWidth : 0) > area.right) {
      ink.fillStyle = theme.secondary;
      ink.fillText(`+ ${numbers.count(others)} more`, left, 38);
      break;
    }
    ink.save();
    ink.strokeStyle = style?.color ?? theme.foreground;
    ink.lineWidth = 2;
    ink.setLineDash([...(style?.dash ?? [])]);
    ink.beginPath();
    ink.moveTo(left, 38);
    ink.lineTo(left + 22, 38);
    ink.stroke();
    ink.restore();
    ink.fillStyle = theme.foreground;
    ink.fillText(line.name, left + 28, 38);
    left += width + 44;
  }
}
