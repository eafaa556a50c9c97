import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";

const numbers = numbersFor("en", "UTC");

describe("numbers", () => {
  test.each([
    [0.421, "0.421"], [2.31, "2.31"], [14.1, "14.1"], [1.4, "1.40"], [0, "0"], [-0.0421, "−0.0421"], [1234.5, "1,235"],
    [3.2e-5, "3.2e-5"], [1_234_567, "1.2e6"], [NaN, "NaN"], [Infinity, "∞"], [-Infinity, "−∞"],
  ])("the value %f is written %s", (value, text) => {
    expect(numbers.value(value)).toBe(text);
  });
  test.each([[12, "12 B"], [6100, "6.1 kB"], [48.4e6, "48.4 MB"], [274e6, "274 MB"], [1e9, "1.00 GB"], [79.04e9, "79.0 GB"], [118e9, "118 GB"], [999_999, "1.0 MB"]])(
    "%d bytes are written %s",
    (bytes, text) => {
      expect(numbers.bytes(bytes)).toBe(text);
    },
  );
  test.each([[0, "0 s"], [59, "59 s"], [240, "4 min"], [3720, "1 h 02 min"], [3 * 86_400 + 4 * 3600, "3 d 4 h"], [-5, "0 s"]])(
    "an age of %d seconds is written %s",
    (seconds, text) => {
      expect(numbers.age(seconds)).toBe(text);
    },
  );
  test.each([[40, "40 s"], [2280, "38 min"], [7 * 3600, "7 h"], [5 * 86_400, "5 d"]])("%d seconds to come are one unit, %s", (seconds, text) => {
    expect(numbers.timeLeft(seconds)).toBe(text);
  });
  test("steps are grouped and shortened only on request", () => {
    expect(numbers.count(12_400)).toBe("12,400");
    expect([4000, 12_500, 1_500_000, 900].map(numbers.shortCount)).toEqual(["4k", "12.5k", "1.5M", "900"]);
  });
  test("a clock time carries its date when that is another day", () => {
    const now = Date.UTC(2026, 10, 22, 14, 16) / 1000;
    expect(numbers.clock(now - 240, now)).toBe("14:12");
    expect(numbers.clock(now - 86_400, now)).toBe("Nov 21, 14:16");
  });
  test("a count takes the plural unless it is one", () => {
    expect(numbers.counted(1, "save", "saves")).toBe("1 save");
    expect(numbers.counted(1200, "save", "saves")).toBe("1,200 saves");
  });
  test("another language groups and points its own way", () => {
    expect(numbersFor("de", "UTC").bytes(48.4e6)).toBe("48,4 MB");
    expect(numbersFor("de", "UTC").count(12_400)).toBe("12.400");
  });
});
