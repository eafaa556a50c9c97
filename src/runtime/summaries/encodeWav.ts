// Sounds as 16-bit PCM in a WAV file, rounded and cut as TensorFlow does (SY-7).

/** Frames one after the other, their channels interleaved; samples between -1 and 1. */
export interface Sound {
  readonly samples: ArrayLike<number>;
  readonly channels: number;
  /** Hertz. */
  readonly sampleRate: number;
}

const headerBytes = 44;
const bytesPerSample = 2;
const pcm = 1;
const largest = 2 ** 15;

/** The bytes of a WAV file. */
export function encodeWav({ samples, channels, sampleRate }: Sound): Uint8Array {
  const dataBytes = samples.length * bytesPerSample;
  const bytes = new Uint8Array(headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) => new TextEncoder().encodeInto(letters, bytes.subarray(at));
  // | "RIFF" | bytes that follow u32 | "WAVE" |
  text(0, "RIFF");
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  text(8, "WAVE");
  // | "fmt " | 16 u32 | PCM u16 | channels u16 | frames per second u32 | bytes per second u32 | bytes per frame u16 | bits u16 |
  text(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, pcm, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * bytesPerSample, true);
  view.setUint16(32, channels * bytesPerSample, true);
  view.setUint16(34, bytesPerSample * 8, true);
  // | "data" | bytes u32 | samples i16 … |
  text(36, "data");
  view.setUint32(40, dataBytes, true);
  for (let i = 0; i < samples.length; i++) view.setInt16(headerBytes + i * bytesPerSample, sampleOf(samples[i] ?? 0), true);
  return bytes;
}

/** Halves are rounded away from zero, as C does. */
function sampleOf(value: number): number {
  const scaled = Math.fround(value * largest);
  const rounded = Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5);
  return Math.max(-largest, Math.min(largest - 1, rounded));
}
