// The gradient of gather: rows added up by their segment.

/** Adds row i of `rows` (each `width` elements) to row `ids[i]` of `out`; ids outside the range are dropped. */
export function sumSegments(
  rows: Float32Array | Int32Array,
  ids: Int32Array,
  { out, width }: { out: Float32Array | Int32Array; width: number },
): void {
  out.fill(0);
  const segments = width === 0 ? 0 : out.length / width;
  ids.forEach((id, row) => {
    if (id < 0 || id >= segments) return;
    for (let i = 0; i < width; i++)
      out[id * width + i] = (out[id * width + i] as number) + (rows[row * width + i] as number);
  });
}
