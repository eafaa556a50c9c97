// The package's declarations as a strict TypeScript project sees them, with Node's way of finding modules.
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../../../scripts/ensureBuilt.mjs";
import { makeProject } from "../../support/ownProject";
import { script } from "../../support/trainings";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
beforeAll(ensureBuilt);

test("a strict project compiles against them, results are typed by what was fetched, and wrong options are errors", async () => {
  const program = ts.createProgram([await makeProject(join(temporary.root, "project"), script("typed.mts"))], {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, strict: true, noEmit: true, skipLibCheck: true, types: [],
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  expect(problems).toEqual([]);
});
