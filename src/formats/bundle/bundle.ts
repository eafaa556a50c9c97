// What a checkpoint's index says: its header, and for each tensor where its bytes lie (TB-7).

/** Where one dimension of a slice begins and how long it is; length -1 is the whole dimension (TB-14). */
export type SliceExtent = readonly [start: number, length: number];

/** One slice of a partitioned tensor: an extent per dimension. */
export type TensorSlice = readonly SliceExtent[];

/** One tensor of a bundle. */
export interface BundleEntry {
  readonly name: string;
  /** TensorFlow's name of the type, such as `float32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Number of the data file. */
  readonly shard: number;
  /** Bytes from the start of the data file. */
  readonly offset: number;
  /** Stored bytes. */
  readonly size: number;
  /** Masked CRC-32C of the stored bytes. */
  readonly crc32c: number;
  /** Only for partitioned tensors; place, size and checksum above mean nothing then. */
  readonly slices?: readonly TensorSlice[];
}

/** Entries in the order of their index. Names are looked up in a map that the first question makes: a list needs none. */
export class BundleEntries {
  #byName: ReadonlyMap<string, BundleEntry> | undefined;

  constructor(private readonly list: readonly BundleEntry[]) {}

  get size(): number {
    return this.list.length;
  }

  /** The tensor of that name; undefined where there is none. */
  get(name: string): BundleEntry | undefined {
    this.#byName ??= new Map(this.list.map((entry) => [entry.name, entry]));
    return this.#byName.get(name);
  }

  values(): readonly BundleEntry[] {
    return this.list;
  }

  keys(): string[] {
    return this.list.map(({ name }) => name);
  }
}

/** The first entry of every index. */
export interface BundleHeader {
  /** Number of data files. */
  readonly shards: number;
  readonly endianness: "little" | "big";
  /** Version of the writer; 1 so far. */
  readonly producer: number;
}

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
