// Builds one block of a table: entries with shared key prefixes, then the positions of the whole keys (TB-9).
import { sharedPrefix } from "../bytes/byteOrder";
import { WireWriter } from "../bytes/wireWriter";

/** Collects ascending entries of one block. */
export class BlockBuilder {
  #entries = new WireWriter(4096);
  #restarts: number[] = [0];
  #sinceRestart = 0;
  #lastKey = new Uint8Array();

  constructor(private readonly interval: number) {}

  /** Bytes that the finished block would have now. */
  get size(): number {
    return this.#entries.length + 4 * this.#restarts.length + 4;
  }

  get empty(): boolean {
    return this.#entries.length === 0;
  }

  add(key: Uint8Array, value: Uint8Array): void {
    let shared = 0;
    if (this.#sinceRestart < this.interval) shared = sharedPrefix(this.#lastKey, key);
    else {
      this.#restarts.push(this.#entries.length);
      this.#sinceRestart = 0;
    }
    const entries = this.#entries;
    entries.varint(shared);
    entries.varint(key.length - shared);
    entries.varint(value.length);
    entries.raw(key.subarray(shared));
    entries.raw(value);
    this.#lastKey = key.slice();
    this.#sinceRestart++;
  }

  /** The block without its trailer; the builder starts anew. */
  finish(): Uint8Array<ArrayBuffer> {
    const block = new Uint8Array(this.size);
    block.set(this.#entries.finish());
    const view = new DataView(block.buffer);
    let at = this.#entries.length;
    for (const restart of [...this.#restarts, this.#restarts.length]) {
      view.setUint32(at, restart, true);
      at += 4;
    }
    this.#entries = new WireWriter(4096);
    this.#restarts = [0];
    this.#sinceRestart = 0;
    this.#lastKey = new Uint8Array();
    return block;
  }
}
