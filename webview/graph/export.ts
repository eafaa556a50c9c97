// A drawing as a picture of pixels.

/** Pixels per unit of the drawing, and the longest side that browsers draw. */
const scale = 2;
const longest = 16_000;

/** A PNG of an SVG file's text, at twice its size or as large as can be. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const { naturalWidth, naturalHeight } = picture;
  const by = Math.min(scale, longest / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(naturalWidth * by);
  canvas.height = Math.round(naturalHeight * by);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The drawing is too large for a picture of pixels. SVG has no such limit.");
  return new Uint8Array(await blob.arrayBuffer());
}
