// Random numbers: the published test vectors of Philox 4x32-10, and the shape of what is made of its bits.
import { expect, test } from "vitest";
import { fillNormal, fillTruncatedNormal, fillUniform, Philox } from "#runtime/graph/philox";

const hex = (words: Uint32Array): string[] => [...words].map((word) => word.toString(16).padStart(8, "0"));

test("the first words for zero keys and counters are the published ones", () => {
  const generator = new Philox({ seed: 0, seed2: 0 }, 0);
  generator.next();
  expect(hex(generator.words)).toEqual(["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]);
});

test("a stream may be taken up anywhere, and different seeds give different numbers", () => {
  const whole = new Float32Array(40);
  fillUniform(whole, { seed: 87654321, seed2: 5 }, 0);
  const rest = new Float32Array(24);
  fillUniform(rest, { seed: 87654321, seed2: 5 }, 4);
  expect([...rest]).toEqual([...whole.subarray(16)]);
  fillUniform(rest, { seed: 87654321, seed2: 6 }, 4);
  expect([...rest]).not.toEqual([...whole.subarray(16)]);
});

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

test("uniform, normal and truncated normal numbers have the moments and limits of their kind", () => {
  const values = new Float32Array(40_001);
  fillUniform(values, { seed: 1, seed2: 2 }, 0);
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(moments(values).mean).toBeCloseTo(0.5, 1);
  fillNormal(values, { seed: 1, seed2: 2 }, 0);
  expect(moments(values).mean).toBeCloseTo(0, 1);
  expect(moments(values).deviation).toBeCloseTo(1, 1);
  fillTruncatedNormal(values, { seed: 1, seed2: 2 }, 0);
  expect(values.every((value) => Math.abs(value) < 2)).toBe(true);
  expect(moments(values).deviation).toBeCloseTo(0.88, 1);
});
