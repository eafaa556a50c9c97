// A partitioned tensor put together from its slices (TB-14).
import { FormatError } from "#base/errors";
import { bytesPerElement } from "../tensor/dtypes";
import { elementCount, type BundleEntry, type TensorSlice } from "./bundle";
import { encodeSliceKey } from "./orderedCode";
import { decodeStrings, encodeStrings } from "./stringTensor";
import { keyForms, sliceRuns, wholeExtents } from "./tensorSlices";

/** Where slices are found and read. */
export interface SliceAccess {
  /** The slice's entry under its key (TB-14). */
  find(key: Uint8Array): BundleEntry | undefined;
  /** Little-endian bytes of one slice. */
  read(slice: BundleEntry): Promise<Uint8Array>;
}

interface Part {
  readonly slice: TensorSlice;
  readonly entry: BundleEntry;
}

/** All bytes of a partitioned tensor, as if it had been stored whole. */
export async function readSlices(tensor: BundleEntry, access: SliceAccess): Promise<Uint8Array> {
  const parts = findParts(tensor, access);
  requireCover(tensor, parts);
  return tensor.dtype === "string" ? joinStrings(tensor, parts, access) : joinNumbers(tensor, parts, access);
}

function findParts(tensor: BundleEntry, access: SliceAccess): Part[] {
  const parts = new Map<BundleEntry, Part>();
  for (const slice of tensor.slices ?? []) {
    const whole = wholeExtents(tensor.shape, slice);
    const entry = keyForms(tensor.shape, slice)
      .map((form) => access.find(encodeSliceKey(tensor.name, form)))
      .find((found) => found !== undefined);
    if (!entry) throw new FormatError("malformed", `a slice of ${tensor.name} is not in the index`);
    const lengths = whole.map(([, length]) => length);
    if (entry.dtype !== tensor.dtype || entry.slices || entry.shape.join() !== lengths.join()) {
      throw new FormatError("malformed", `a slice of ${tensor.name} has another type or shape than the tensor says`);
    }
    parts.set(entry, { slice: whole, entry });
  }
  return [...parts.values()];
}

/** Also bounds memory: the tensor cannot be larger than what its slices, which must lie in files, add up to. */
function requireCover(tensor: BundleEntry, parts: readonly Part[]): void {
  const wanted = elementCount(tensor.shape);
  const got = parts.reduce((sum, { entry }) => sum + elementCount(entry.shape), 0);
  if (got < wanted) throw uncovered(tensor, { wanted, got });
}

async function joinNumbers(tensor: BundleEntry, parts: readonly Part[], { read: readOne }: SliceAccess): Promise<Uint8Array> {
  const size = bytesPerElement(tensor.dtype);
  if (size === undefined) throw new FormatError("unsupported", `${tensor.name} is partitioned and of type ${tensor.dtype}`);
  const read: { readonly part: Part; readonly bytes: Uint8Array }[] = [];
  for (const part of parts) read.push({ part, bytes: await readOne(part.entry) });
  const whole = new Uint8Array(elementCount(tensor.shape) * size);
  const covered = new Coverage(tensor);
  for (const { part, bytes } of read) {
    for (const { into, from, count } of sliceRuns(tensor.shape, part.slice)) {
      covered.add(into, count);
      whole.set(bytes.subarray(from * size, (from + count) * size), into * size);
    }
  }
  covered.requireAll();
  return whole;
}

/** Which elements of a tensor its slices brought: slices that overlap add up to enough and may leave a gap, which would read as zeros. */
class Coverage {
  readonly #marks: Uint8Array;
  #count = 0;

  constructor(private readonly tensor: BundleEntry) {
    this.#marks = new Uint8Array(elementCount(tensor.shape));
  }

  add(first: number, count: number): void {
    for (let at = first; at < first + count; at++) {
      this.#count += 1 - (this.#marks[at] ?? 1);
      this.#marks[at] = 1;
    }
  }

  requireAll(): void {
    const wanted = this.#marks.length;
    if (this.#count < wanted) throw uncovered(this.tensor, { wanted, got: this.#count });
  }
}

function uncovered({ name }: BundleEntry, sizes: { readonly wanted: number; readonly got: number }): FormatError {
  return new FormatError("malformed", `the slices of ${name} do not cover it`, sizes);
}

async function joinStrings(tensor: BundleEntry, parts: readonly Part[], { read: readOne }: SliceAccess): Promise<Uint8Array> {
  const read: { readonly part: Part; readonly values: readonly Uint8Array[] }[] = [];
  for (const part of parts) {
    const values = decodeStrings(await readOne(part.entry));
    if (values.length !== elementCount(part.entry.shape)) throw new FormatError("malformed", `a slice of ${tensor.name} holds another number of strings`);
    read.push({ part, values });
  }
  const whole = Array.from({ length: elementCount(tensor.shape) }, () => new Uint8Array());
  const covered = new Coverage(tensor);
  for (const { part, values } of read) {
    for (const { into, from, count } of sliceRuns(tensor.shape, part.slice)) {
      covered.add(into, count);
      for (let i = 0; i < count; i++) whole[into + i] = new Uint8Array(values[from + i] ?? []);
    }
  }
  covered.requireAll();
  return encodeStrings(whole);
}
