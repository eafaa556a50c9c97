// Shapes as the diagram writes them.

/** `1×32×32×3`; unknown sizes as `?`, rank 0 as `scalar`; undefined where nothing is known. */
export function shapeText(shape: readonly number[] | undefined): string | undefined {
  if (!shape) return undefined;
  return shape.length === 0 ? "scalar" : shape.map((size) => (size < 0 ? "?" : String(size))).join("×");
}
