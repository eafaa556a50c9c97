// Makes big blocks short without changing their CRC-32C: division by a sparse multiple of its polynomial, sixteen bytes at a time.

/*
 * A CRC is a remainder, and adding multiples of the polynomial P to the dividend does not change it. One multiple of P has only six
 * terms: 1 + x^14 + x^39 + x^54 + x^144 + x^209. In arithmetic modulo 2 the square of a sum is the sum of the squares, so putting
 * x^128 in the place of x gives a multiple too, and its terms lie whole vectors of 16 bytes apart. Long division by it needs no
 * tables: each vector is xored onto those 65, 155, 170, 195 and 209 vectors further on, and what is left are the last 209.
 */
const distances = [65, 155, 170, 195, 209].map((vectors) => 16 * vectors);
const restBytes = 16 * 209;
/** Vectors that the program below divides in one turn of its loop. */
const vectorsPerTurn = 4;
const bytesPerTurn = 16 * vectorsPerTurn;
const mostBytes = 256 * 1024;
const pageBytes = 64 * 1024;

/** Below, setting about it costs more than it gains. */
export const leastFoldedBytes = 32 * 1024;

/** A fold in progress belongs to nobody else: it runs to its end at once. */
export interface CrcFolding {
  /** How many of so many bytes one fold takes. */
  takes(bytes: number): number;
  /**
   * A short block of which the register becomes, from 0, what it becomes from `register` through `bytes`. There must be as many as
   * `takes` says, at least `leastFoldedBytes`. It lies in memory that the next fold uses again.
   */
  fold(bytes: Uint8Array, register: number): Uint8Array;
}

/** What is used of the language's engine for WebAssembly, of which its own library of types says nothing. */
interface Engine {
  Module: new (program: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}
interface DividingProgram {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly divide: (from: number, to: number) => void;
}

/** Undefined where the engine is missing or knows no vectors. */
export function openCrcFolding(): CrcFolding | undefined {
  const { WebAssembly: engine } = globalThis as { readonly WebAssembly?: Engine };
  if (!engine) return undefined;
  let program: DividingProgram;
  try {
    program = new engine.Instance(new engine.Module(dividingProgram())).exports as DividingProgram;
  } catch {
    // Too old a processor: the tables do the same.
    return undefined;
  }
  const memory = new Uint8Array(program.memory.buffer);
  // Below is zero for ever: it stands for the vectors before the first.
  const start = restBytes;
  return {
    takes: (bytes) => restBytes + Math.floor((Math.min(bytes, mostBytes) - restBytes) / bytesPerTurn) * bytesPerTurn,
    fold(bytes, register) {
      memory.set(bytes, start);
      const first = new DataView(program.memory.buffer, start);
      first.setInt32(0, first.getInt32(0, true) ^ register, true);
      const rest = start + bytes.length - restBytes;
      program.divide(0, bytes.length - restBytes);
      divideRest(new Int32Array(program.memory.buffer), rest / 4);
      return memory.subarray(rest, rest + restBytes);
    },
  };
}

/** Onto the last vectors come those before them, but not they themselves: they are what is left. */
function divideRest(words: Int32Array, rest: number): void {
  for (const distance of distances) {
    const back = distance / 4;
    for (let at = rest; at < rest + back; at++) words[at] = (words[at] ?? 0) ^ (words[at - back] ?? 0);
  }
}

/**
 * A WebAssembly module, as its specification lays it out, with a memory and `divide(from, to)`, in which `from` and `to` are counted
 * from `restBytes` on, since what is looked at lies up to so far before:
 * do { vector[from] ^= vector[from - each distance], for some vectors; from += their bytes } while (from < to).
 */
function dividingProgram(): Uint8Array {
  const [from, to] = [0, 1];
  const pushLocal = (local: number): number[] => [0x20, local];
  const i32 = 0x7f;
  const vector = (operation: number): number[] => [0xfd, operation];
  const [load, store, xor] = [vector(0x00), vector(0x0b), vector(0x51)];
  const alignedTo16 = 4;
  const divideOne = (offset: number): number[] => [
    ...pushLocal(from), ...pushLocal(from), ...load, alignedTo16, ...unsigned(restBytes + offset),
    ...distances.flatMap((distance) => [...pushLocal(from), ...load, alignedTo16, ...unsigned(restBytes - distance + offset), ...xor]),
    ...store, alignedTo16, ...unsigned(restBytes + offset),
  ];
  const turn = Array.from({ length: vectorsPerTurn }, (_, at) => divideOne(16 * at)).flat();
  const [loop, nothing, constant, add, tee, isBelow, branchIf, end] = [0x03, 0x40, 0x41, 0x6a, 0x22, 0x49, 0x0d, 0x0b];
  const next = [...pushLocal(from), constant, ...signed(bytesPerTurn), add, tee, from, ...pushLocal(to), isBelow, branchIf, 0];
  const body = [0, loop, nothing, ...turn, ...next, end, end];
  const pages = Math.ceil((restBytes + mostBytes) / pageBytes);
  return Uint8Array.from([
    0x00, ...ascii("asm"), 1, 0, 0, 0,
    ...section(1, [1, 0x60, 2, i32, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, pages]),
    ...section(7, [2, ...sized(ascii("memory")), 2, 0, ...sized(ascii("divide")), 0, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

/** LEB128, as a varint. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** The same with a sign, for small numbers that are not negative. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];
}
