// Columns of numbers that grow; columns of one pool that begin alike lie in memory once.

const leastRoom = 16;
/** Space beyond the numbers that are expected: what is full is moved when it grows. */
const expectedSlack = 1 / 16;
/** So many stores, those that were found or made last, are looked through for one that begins alike. */
const mostStores = 64;
/** Once more numbers than this were compared and copied for each of its own, a column shares no more: hostile files cost linear time too. */
const mostWork = 8;

/** Numbers in memory that grow at their end. */
export class Numbers {
  /** The numbers, and room behind them. */
  room: Float64Array<ArrayBuffer>;
  length: number;

  /** `expected`: how many numbers there will be as far as one can see. The room grows to that at once, but to no more than eightfold. */
  constructor(first: Float64Array = new Float64Array(0), public expected = 0) {
    this.length = first.length;
    this.room = withRoom(first, expected);
  }

  push(number: number): void {
    if (this.length === this.room.length) this.room = withRoom(this.room, this.expected);
    this.room[this.length++] = number;
  }
}

/** Numbers and the columns that are beginnings of them. Nothing before the end of one of these ever changes; what lies behind all of them is left over from some that were cut. */
class Store extends Numbers {
  readonly #columns = new Set<Column>();
  /** One that reached beyond some place when that was last asked. */
  #far: Column | undefined;

  join(column: Column): this {
    this.#columns.add(column);
    return this;
  }

  leave(column: Column): void {
    this.#columns.delete(column);
    if (this.#far === column) this.#far = undefined;
  }

  /** Whether a column reaches beyond `length`. */
  isUsedBeyond(length: number): boolean {
    if (this.#far && this.#far.length > length) return true;
    this.#far = undefined;
    for (const column of this.#columns) {
      if (column.length <= length) continue;
      this.#far = column;
      return true;
    }
    return false;
  }

  holds(number: number, at: number): boolean {
    return at < this.length && Object.is(this.room[at], number);
  }
}

/** Lets columns share what they begin with. It knows the latest of their stores only, so that many columns without a like cost little. */
export class ColumnPool {
  /** The newest last. */
  readonly #stores = [new Store()];
  #compared = 0;

  /** How many numbers were compared to find stores that begin alike. */
  get compared(): number {
    return this.#compared;
  }

  get newest(): Store | undefined {
    return this.#stores.at(-1);
  }

  /** A store that begins with the first `length` numbers of another and goes on with `next`. */
  find(numbers: Float64Array, length: number, next: number): Store | undefined {
    const place = this.#stores.findLastIndex((store) => store.holds(next, length) && this.#areAlike(store.room, numbers, length));
    const [found] = place < 0 ? [] : this.#stores.splice(place, 1);
    if (found) this.#stores.push(found);
    return found;
  }

  add(store: Store): void {
    if (this.#stores.push(store) > mostStores) this.#stores.shift();
  }

  #areAlike(one: Float64Array, other: Float64Array, length: number): boolean {
    let at = 0;
    while (at < length && Object.is(one[at], other[at])) at++;
    this.#compared += at;
    return at === length;
  }
}

/** Numbers of one owner: they are added and cut at the end, and read as if they lay alone. */
export class Column {
  #store: Store;
  #length = 0;
  #work = 0;

  /** Without a pool the column lies alone. */
  constructor(private readonly pool?: ColumnPool) {
    this.#store = (pool?.newest ?? new Store()).join(this);
  }

  get length(): number {
    return this.#length;
  }

  /** How many numbers were compared and copied so that this column shares its memory. */
  get work(): number {
    return this.#work;
  }

  /** Valid until the next change. */
  get numbers(): Float64Array {
    return this.#store.room.subarray(0, this.#length);
  }

  /** The number at an index below the length. */
  at(index: number): number {
    return this.#store.room[index] ?? NaN;
  }

  /** How many numbers there will be as far as one can see: the column grows to that at once, but to no more than eightfold. */
  expect(count: number): void {
    if (this.#length === this.#store.length) this.#store.expected = count;
  }

  /** Kept so short that it becomes part of the loop that reads a file. */
  push(number: number): void {
    const { room, length } = this.#store;
    const at = this.#length;
    if (at === length && at < room.length) {
      room[at] = number;
      this.#store.length = at + 1;
    } else if (at === length || room[at] !== number || number === 0) this.#pushSlowly(number);
    this.#length = at + 1;
  }

  /** Forgets all but the first `length` numbers. */
  cut(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Where there is no room, or another number than the quick look expects: NaN is equal to itself, 0 is not -0. */
  #pushSlowly(number: number): void {
    if (this.#store.holds(number, this.#length)) return;
    if (this.#length < this.#store.length) this.#makeWay(number);
    if (this.#length === this.#store.length) this.#store.push(number);
  }

  /** Finds a store in which `next` can follow: this one, another, or one of its own. */
  #makeWay(next: number): void {
    const { pool } = this;
    const length = this.#length;
    if (!this.#store.isUsedBeyond(length)) {
      this.#store.length = length;
      return;
    }
    const shares = pool && this.#work <= mostWork * length;
    const before = pool?.compared ?? 0;
    const known = shares ? pool.find(this.#store.room, length, next) : undefined;
    this.#work += (pool?.compared ?? 0) - before;
    const store = known ?? this.#copied();
    if (shares && !known) pool.add(store);
    this.#store.leave(this);
    this.#store = store.join(this);
  }

  #copied(): Store {
    this.#work += this.#length;
    return new Store(this.numbers, this.#store.expected);
  }
}

/** The numbers with more room behind them: as much as is expected, but no more than eight times what there is. */
function withRoom(numbers: Float64Array, expected: number): Float64Array<ArrayBuffer> {
  const { length } = numbers;
  const wanted = expected > length ? Math.ceil(expected * (1 + expectedSlack)) : 2 * length;
  const wide = new Float64Array(Math.max(leastRoom, Math.ceil(1.5 * length), Math.min(8 * length, wanted)));
  wide.set(numbers);
  return wide;
}
