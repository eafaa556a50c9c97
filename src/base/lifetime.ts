// Ownership: whoever creates something hands it to a Lifetime, which disposes all of it in reverse order.

/** Anything that must be let go of. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables. Disposing runs in reverse order, once; what is added afterwards is disposed on arrival. */
export class Lifetime implements Disposable {
  #owned: Disposable[] | undefined = [];

  /** Takes ownership of `part` and hands it back. */
  own<T extends Disposable>(part: T): T {
    if (this.#owned) this.#owned.push(part);
    else part.dispose();
    return part;
  }

  /** Runs `end` when this lifetime ends. */
  onEnd(end: () => void): void {
    this.own({ dispose: end });
  }

  get ended(): boolean {
    return this.#owned === undefined;
  }

  dispose(): void {
    const owned = this.#owned ?? [];
    this.#owned = undefined;
    for (const part of owned.reverse()) part.dispose();
  }
}
