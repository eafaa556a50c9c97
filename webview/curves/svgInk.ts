// Drawing as on a canvas, written down as SVG.
import type { Ink } from "./ink";

const digits = 2;

interface Pen {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: readonly number[];
}

/** An `Ink` whose drawing is read as text. Widths of text are measured by a canvas, since SVG cannot say them. */
export class SvgInk implements Ink {
  strokeStyle: string | CanvasGradient | CanvasPattern = "#000";
  fillStyle: string | CanvasGradient | CanvasPattern = "#000";
  lineDashOffset = 0;
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  globalAlpha = 1;
  font = "11px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  #dash: readonly number[] = [];
  #path = "";
  #clips = 0;
  readonly #parts: string[] = [];
  readonly #open: { readonly pen: Pen; groups: number }[] = [];

  constructor(private readonly measure: Pick<CanvasRenderingContext2D, "font" | "measureText">) {}

  /** The drawing so far, as a document. */
  document({ width, height, background }: { readonly width: number; readonly height: number; readonly background: string }): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<rect width="${width}" height="${height}" fill="${escape(background)}"/>`, ...this.#parts, "</svg>", "",
    ].join("\n");
  }

  save(): void {
    this.#open.push({
      pen: {
        strokeStyle: String(this.strokeStyle), fillStyle: String(this.fillStyle), lineWidth: this.lineWidth, lineJoin: this.lineJoin, globalAlpha: this.globalAlpha,
        font: this.font, textAlign: this.textAlign, textBaseline: this.textBaseline, dash: this.#dash,
      },
      groups: 0,
    });
  }

  restore(): void {
    const saved = this.#open.pop();
    if (!saved) return;
    const { dash, ...pen } = saved.pen;
    Object.assign(this, pen);
    this.#dash = dash;
    for (let at = 0; at < saved.groups; at++) this.#parts.push("</g>");
  }

  beginPath(): void {
    this.#path = "";
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${n(x)} ${n(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += this.#path === "" ? `M${n(x)} ${n(y)}` : `L${n(x)} ${n(y)}`;
  }

  closePath(): void {
    this.#path += "Z";
  }

  /** Whole circles only: that is all that a plot has. */
  arc(x: number, y: number, radius: number): void {
    const r = n(radius);
    this.#path += `M${n(x - radius)} ${n(y)}a${r} ${r} 0 1 0 ${n(2 * radius)} 0a${r} ${r} 0 1 0 ${n(-2 * radius)} 0Z`;
  }

  clip(): void {
    const id = `clip${++this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath><g clip-path="url(#${id})">`);
    const inner = this.#open.at(-1);
    if (inner) inner.groups++;
  }

  setLineDash(dash: readonly number[]): void {
    this.#dash = dash;
  }

  stroke(): void {
    if (this.#path === "") return;
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(" ")}"${this.lineDashOffset === 0 ? "" : ` stroke-dashoffset="${n(this.lineDashOffset)}"`}` : "";
    this.#parts.push(`<path d="${this.#path}" fill="none" stroke="${escape(String(this.strokeStyle))}" stroke-width="${n(this.lineWidth)}" stroke-linejoin="${this.lineJoin}"${dash}${this.#opacity}/>`);
  }

  fill(): void {
    if (this.#path !== "") this.#parts.push(`<path d="${this.#path}" fill="${escape(String(this.fillStyle))}"${this.#opacity}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    const [, weight = "400", size = "11", family = "sans-serif"] = /^(?:(\d+) )?(\d+(?:\.\d+)?)px (.*)$/.exec(this.font) ?? [];
    const anchor = this.textAlign === "right" || this.textAlign === "end" ? "end" : this.textAlign === "center" ? "middle" : "start";
    const baseline = this.textBaseline === "middle" ? ' dominant-baseline="central"' : "";
    this.#parts.push(`<text x="${n(x)}" y="${n(y)}" font-family="${escape(family)}" font-size="${size}" font-weight="${weight}" fill="${escape(String(this.fillStyle))}" text-anchor="${anchor}"${baseline}${this.#opacity}>${escape(text)}</text>`);
  }

  measureText(text: string): TextMetrics {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  get #opacity(): string {
    return this.globalAlpha === 1 ? "" : ` opacity="${n(this.globalAlpha)}"`;
  }
}

function n(value: number): string {
  return String(Number(value.toFixed(digits)));
}

/** Tags and run names come out of files. Characters that XML does not know are left out. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
