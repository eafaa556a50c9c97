// The gradients of a depthwise convolution, as plain loops: each output channel sees one input channel.
import type { ConvGeometry } from "./convColumns";

/** A depthwise convolution, channels last. Output channel `c * channelMultiplier + m` comes from input channel c. */
export interface DepthwiseGeometry extends ConvGeometry {
  readonly dilationHeight: number;
  readonly dilationWidth: number;
}

/** Calls `visit(image, output, tap)` with element offsets of the first channel, for each tap inside the image. */
function visitTaps(geometry: DepthwiseGeometry, visit: (image: number, output: number, tap: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  let output = 0;
  for (let batch = 0; batch < batchSize; batch++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++, output += outChannels) {
        for (let tapRow = 0; tapRow < geometry.filterHeight; tapRow++) {
          const inRow = row * geometry.strideHeight - padInfo.top + tapRow * geometry.dilationHeight;
          if (inRow < 0 || inRow >= inHeight) continue;
          for (let tapColumn = 0; tapColumn < geometry.filterWidth; tapColumn++) {
            const inColumn = column * geometry.strideWidth - padInfo.left + tapColumn * geometry.dilationWidth;
            if (inColumn < 0 || inColumn >= inWidth) continue;
            const image = ((batch * inHeight + inRow) * inWidth + inColumn) * inChannels;
            visit(image, output, (tapRow * geometry.filterWidth + tapColumn) * outChannels);
          }
        }
      }
    }
  }
}

/** The gradient with respect to the filter [H, W, C, M]; overwrites `out`. */
export function depthwiseFilterGradient(
  x: Float32Array,
  dy: Float32Array,
  { geometry, out }: { geometry: DepthwiseGeometry; out: Float32Array },
): void {
  const { inChannels, outChannels } = geometry;
  const multiplier = outChannels / inChannels;
  out.fill(0);
  visitTaps(geometry, (image, output, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const value = x[image + c] as number;
      for (let m = c * multiplier; m < (c + 1) * multiplier; m++) {
        out[tap + m] = (out[tap + m] as number) + value * (dy[output + m] as number);
      }
    }
  });
}

/** The gradient with respect to the input; overwrites `out`. */
export function depthwiseInputGradient(
  dy: Float32Array,
  filter: Float32Array,
  { geometry, out }: { geometry: DepthwiseGeometry; out: Float32Array },
): void {
  const { inChannels, outChannels } = geometry;
  const multiplier = outChannels / inChannels;
  out.fill(0);
  visitTaps(geometry, (image, output, tap) => {
    for (let c = 0; c < inChannels; c++) {
      let sum = out[image + c] as number;
      for (let m = c * multiplier; m < (c + 1) * multiplier; m++)
        sum += (dy[output + m] as number) * (filter[tap + m] as number);
      out[image + c] = sum;
    }
  });
}
