// The constants of LevelDB's table layout as TensorFlow uses it (TB-9, TB-10); docs/formats/sstable.md has the picture.

/** Type byte and masked CRC behind each block. */
export const trailerBytes = 5;

/** Two handles of at most 20 bytes, padded with zeros, and the magic. */
export const footerBytes = 48;

/** Where in the footer the magic begins. */
export const magicOffset = 40;

/** The magic's two halves, each as it reads in little-endian order. */
export const magicLow = 0x8b80fb57;

/** See `magicLow`. */
export const magicHigh = 0xdb477524;

/** A data block is closed once it holds this many bytes. */
export const blockBytes = 262_144;

/** Every so many entries of a data block one key is written whole. */
export const restartInterval = 16;

/** The type bytes of blocks. */
export const compressions = { none: 0, snappy: 1 } as const;

/** Where a block lies; `size` is without its trailer. */
export interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}
