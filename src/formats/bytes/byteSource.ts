// Where bytes come from: all that a reader may know of a file.

/** Random access to bytes that may still grow. A read past the end returns fewer bytes, never throws for it. */
export interface ByteSource {
  /** Name for messages. */
  readonly name: string;
  size(): Promise<number>;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `read`, into `bytes`, which may be used again; answers how many bytes there were. */
  readInto(bytes: Uint8Array, offset: number): Promise<number>;
}

/** Bytes in memory as a source. */
export function bytesAsSource(bytes: Uint8Array, name = "memory"): ByteSource {
  return {
    name,
    size: async () => bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    readInto: async (into, offset) => {
      const found = bytes.subarray(offset, offset + into.length);
      into.set(found);
      return found.length;
    },
  };
}
