// A slice of one tensor out of a checkpoint: only the bytes of the slice are read, however large the tensor is.
import { planSlice, layOutSlice, SliceSum, type SliceWish } from "#analysis/checkpoints/slice";
import { messageOf, UserError } from "#base/errors";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { bytesPerElement } from "#formats/tensor/dtypes";
import type { TensorSlice } from "#model/checkpointLook";
import { withCheckpoint } from "./openCheckpoint";
import type { Look } from "./tasks";

/** Cells that a picture has room for. */
const mostCells = { rows: 128, columns: 256 };

/** What is asked for; `prefix` is absolute. */
export type SliceRequest = SliceWish & { readonly prefix: string; readonly name: string };

/** Cancelled, it answers with the cells that were read. */
export function sliceOf({ prefix, name, ...wish }: SliceRequest, look: Look): Promise<TensorSlice> {
  return withCheckpoint(prefix, async (bundle) => {
    const entry = bundle.entries.get(name);
    if (!entry) throw new UserError(`There is no tensor ${name} in ${prefix}.`);
    const { dtype, shape } = entry;
    const elementBytes = bytesPerElement(dtype);
    if (elementBytes === undefined || /^(float8|float4|u?int[24]$)/.test(dtype)) throw new UserError(`Values of type ${dtype} have no place in a heat map.`);
    const plan = planned(shape, wish);
    const layout = layOutSlice(plan, elementBytes);
    const sum = new SliceSum(plan, mostCells);
    const complex = dtype.startsWith("complex");
    look.expect(layout.bytes);
    for (const read of layout.reads) {
      if (look.cancelled) break;
      const bytes = await bundle.readPart(name, { from: read.from, count: read.count });
      const values = decodeTensor(dtype, bytes);
      if (!Array.isArray(values)) sum.addRead(values, read, { layout, complex });
      look.passed(bytes.length);
    }
    return { name, dtype, ...sum.done(), ...(complex && { magnitude: true as const }), ...(look.cancelled && { cancelled: true as const }) };
  });
}

function planned(shape: readonly number[], wish: SliceWish): ReturnType<typeof planSlice> {
  try {
    return planSlice(shape, wish);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(messageOf(error));
    throw error;
  }
}
