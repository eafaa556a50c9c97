// Pictures of charts, compared pixel by pixel.
import { area } from "./chartVariant";

/** A pixel differs clearly, or is inked, from this far on; of 255. */
const clearly = 64;

/** The inside of a plot, over white. */
export function pictureOf(canvas: HTMLCanvasElement): ImageData {
  const { left, top, right, bottom } = area;
  const copy = new OffscreenCanvas(right - left, bottom - top);
  const ink = copy.getContext("2d");
  if (!ink) throw new Error("this browser has no canvas");
  ink.fillStyle = "white";
  ink.fillRect(0, 0, copy.width, copy.height);
  ink.drawImage(canvas, -left, -top);
  return ink.getImageData(0, 0, copy.width, copy.height);
}

/** Share of the pixels inked in either picture that differ clearly. */
export function differingShare(one: ImageData, other: ImageData): number {
  let inked = 0;
  let differing = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const channels = [0, 1, 2].map((channel) => [one.data[at + channel] ?? 255, other.data[at + channel] ?? 255] as const);
    if (channels.some(([a, b]) => 255 - Math.min(a, b) >= clearly)) inked++;
    if (channels.some(([a, b]) => Math.abs(a - b) >= clearly)) differing++;
  }
  return differing / inked;
}
