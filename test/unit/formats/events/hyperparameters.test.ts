// Hyperparameters as TensorBoard's hparams API wrote them (fixtures: events/hparams), and as nobody should.
import { expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { decodeHyperparameters } from "#formats/events/hyperparameters";
import { unhex } from "../golden";

const started = unhex("1a510a0c0a036f707412051a037367640a120a05756e69747312091100000000008043400a0f0a026c721209110da661f88898823f0a0a0a04666c6167120220002207747269616c2d302900000040fc54d941");

test("a session that starts tells its values, group and time", () => {
  expect(decodeHyperparameters(started)).toEqual({
    values: [{ name: "opt", value: "sgd" }, { name: "units", value: 39 }, { name: "lr", value: 0.00908 }, { name: "flag", value: false }],
    group: "trial-0", startedSeconds: 1700000000,
  });
});
test("a session that ends tells how and when", () => {
  expect(decodeHyperparameters(unhex("220b 0801 11 00000040fc54d941"))).toEqual({ status: "success", endedSeconds: 1700000000 });
});
test("no value, a list and nothing at all are null; a name that stands twice has its last value", () => {
  const entries = ["0a07 0a0161 1202 0800", "0a07 0a0162 1202 3200", "0a03 0a0163", "0a07 0a0161 1202 2001"].join("").replaceAll(" ", "");
  expect(decodeHyperparameters(unhex(`1a${(entries.length / 2).toString(16).padStart(2, "0")}${entries}`)).values)
    .toEqual([{ name: "a", value: true }, { name: "b", value: null }, { name: "c", value: null }]);
});
test("cut anywhere it is refused", () => {
  let refused = 0;
  for (let end = 1; end < started.length; end++) {
    try {
      decodeHyperparameters(started.subarray(0, end));
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      refused++;
    }
  }
  expect(refused).toBe(started.length - 1);
});
