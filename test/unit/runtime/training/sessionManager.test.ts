// SessionManager against recorded calls of TensorFlow's.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { logging } from "#runtime/training/logging";
import { checkManager, type ManagerCase } from "../../../conformance/managerCases";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/manager.json", import.meta.url), "utf8"),
) as { cases: ManagerCase[] };

beforeAll(() => logging.setVerbosity("silent"));

describe("a session is prepared as TensorFlow's was", () => {
  test.each(cases.map((each, index) => [index, each.call, each] as const))("case %i: %s", async (_, __, each) => {
    await expect(checkManager(each)).resolves.toBeUndefined();
  });
});
