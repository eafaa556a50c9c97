// A convolution as a matrix product: the patches under the filter laid out as a matrix, and added back from one.

/**
 * A two-dimensional convolution, channels last, without dilation. K = filterHeight * filterWidth * inChannels,
 * P = batchSize * outHeight * outWidth, O = outChannels: forward is [P, K] x [K, O].
 */
export interface ConvGeometry {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number };
}

/** P: how many places the filter takes. */
export function placesOf(geometry: ConvGeometry): number {
  return geometry.batchSize * geometry.outHeight * geometry.outWidth;
}

/** K: how many inputs each place sees. */
export function tapsOf(geometry: ConvGeometry): number {
  return geometry.filterHeight * geometry.filterWidth * geometry.inChannels;
}

/** The output columns [first, end) for which filter column `tap` falls inside the image. */
function insideColumns(geometry: ConvGeometry, tap: number): { first: number; end: number } {
  const { strideWidth, inWidth, outWidth, padInfo } = geometry;
  const first = Math.min(outWidth, Math.max(0, Math.ceil((padInfo.left - tap) / strideWidth)));
  const end = Math.max(first, Math.min(outWidth, Math.floor((inWidth - 1 + padInfo.left - tap) / strideWidth) + 1));
  return { first, end };
}

/**
 * Columns, transposed: [K, P], from an image whose channels come first, [batch, channels, height, width]. Only the filter
 * rows [firstRow, endRow) are written, from the start of `out`: a way to bound memory.
 */
export function fillColumnsTransposed(
  planes: Float32Array,
  out: Float32Array,
  { geometry, firstRow, endRow }: { geometry: ConvGeometry; firstRow: number; endRow: number },
): void {
  const {
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    filterWidth,
    strideHeight,
    strideWidth,
    padInfo,
  } = geometry;
  let at = 0;
  for (let tapRow = firstRow; tapRow < endRow; tapRow++) {
    for (let tapColumn = 0; tapColumn < filterWidth; tapColumn++) {
      const { first, end } = insideColumns(geometry, tapColumn);
      const shift = tapColumn - padInfo.left;
      for (let channel = 0; channel < inChannels; channel++) {
        for (let batch = 0; batch < batchSize; batch++) {
          const plane = (batch * inChannels + channel) * inHeight;
          for (let row = 0; row < outHeight; row++, at += outWidth) {
            const inRow = row * strideHeight - padInfo.top + tapRow;
            if (inRow < 0 || inRow >= inHeight) {
              out.fill(0, at, at + outWidth);
              continue;
            }
            const source = (plane + inRow) * inWidth + shift;
            for (let i = 0; i < first; i++) out[at + i] = 0;
            for (let i = first; i < end; i++) out[at + i] = planes[source + i * strideWidth] as number;
            for (let i = end; i < outWidth; i++) out[at + i] = 0;
          }
        }
      }
    }
  }
}

/** Calls `visit` for each pair of place and filter tap that lies inside the image. Offsets are in elements. */
function visitPatches(geometry: ConvGeometry, visit: (image: number, patch: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } =
    geometry;
  let place = 0;
  for (let batch = 0; batch < batchSize; batch++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * geometry.strideHeight - padInfo.top;
      for (let column = 0; column < outWidth; column++, place++) {
        const left = column * geometry.strideWidth - padInfo.left;
        for (let tapRow = Math.max(0, -top); tapRow < Math.min(filterHeight, inHeight - top); tapRow++) {
          const line = (batch * inHeight + top + tapRow) * inWidth + left;
          for (let tapColumn = Math.max(0, -left); tapColumn < Math.min(filterWidth, inWidth - left); tapColumn++) {
            const tap = (place * filterHeight + tapRow) * filterWidth + tapColumn;
            visit((line + tapColumn) * inChannels, tap * inChannels);
          }
        }
      }
    }
  }
}

/** Columns [P, K] of a channels-last image. */
export function fillColumns(image: Float32Array, out: Float32Array, geometry: ConvGeometry): void {
  const channels = geometry.inChannels;
  out.fill(0);
  visitPatches(geometry, (from, at) => {
    for (let c = 0; c < channels; c++) out[at + c] = image[from + c] as number;
  });
}

/** Adds columns [P, K] back to where they came from; overwrites `image`. */
export function addColumns(columns: Float32Array, image: Float32Array, geometry: ConvGeometry): void {
  const channels = geometry.inChannels;
  image.fill(0);
  visitPatches(geometry, (at, from) => {
    for (let c = 0; c < channels; c++) image[at + c] = (image[at + c] as number) + (columns[from + c] as number);
  });
}

/** Adds transposed columns [K, P] back to where they came from; overwrites `image`. Good for few places. */
export function addColumnsTransposed(columns: Float32Array, image: Float32Array, geometry: ConvGeometry): void {
  const channels = geometry.inChannels;
  const places = placesOf(geometry);
  const taps = tapsOf(geometry);
  image.fill(0);
  visitPatches(geometry, (at, patch) => {
    const place = Math.floor(patch / taps);
    let from = (patch - place * taps) * places + place;
    for (let c = 0; c < channels; c++, from += places) {
      image[at + c] = (image[at + c] as number) + (columns[from] as number);
    }
  });
}
