// Which control inputs a new operation gets from the blocks it is made in (CD-1 to CD-7).
import type { Operation, Output } from "./operation";

interface Block {
  /** Already without what outer blocks require (CD-3). */
  readonly operations: readonly Operation[];
  /** Made while this block was active (CD-6). */
  readonly made: Set<Operation>;
  /** A None block hides all blocks outside of it (CD-4). */
  readonly clears: boolean;
}

/** The control-dependency blocks that are open in one graph, outermost first. */
export class ControlStack {
  readonly #blocks: Block[] = [];

  /** Runs `body` in a block that requires `operations`; `undefined` clears everything inside. */
  within<T>(operations: readonly Operation[] | undefined, body: () => T): T {
    const active = new Set(this.#active().flatMap((block) => block.operations));
    const added = [...new Set(operations)].filter((operation) => !active.has(operation));
    this.#blocks.push({ operations: added, made: new Set(), clears: operations === undefined });
    try {
      return body();
    } finally {
      this.#blocks.pop();
    }
  }

  /** What a new operation with these data inputs waits for: each block adds its own unless an input was made in it (CD-5). */
  controlInputs(inputs: readonly Output[]): Operation[] {
    const dataOperations = new Set(inputs.map((input) => input.operation));
    const result: Operation[] = [];
    for (const block of this.#active()) {
      const dominated = [...dataOperations].some((operation) => block.made.has(operation));
      if (dominated) continue;
      for (const operation of block.operations) if (!dataOperations.has(operation)) result.push(operation);
    }
    return result;
  }

  /** Tells the active blocks that an operation was made in them. */
  recordMade(operation: Operation): void {
    for (const block of this.#active()) block.made.add(operation);
  }

  #active(): Block[] {
    const last = this.#blocks.findLastIndex((block) => block.clears);
    return last < 0 ? this.#blocks : this.#blocks.slice(last);
  }
}
