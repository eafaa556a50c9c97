// A typed command line becomes words, and words a line, without a shell.
import { describe, expect, test } from "vitest";
import { joinArguments, splitArguments } from "#extension/runs/commandLine";

describe("a command line", () => {
  test.each<[string, string[]]>([
    ["", []],
    ["   ", []],
    ["--max_steps 20", ["--max_steps", "20"]],
    ["  --a\t--b  ", ["--a", "--b"]],
    ['--dir "with space"', ["--dir", "with space"]],
    ["--dir 'it is \\ kept'", ["--dir", "it is \\ kept"]],
    ['--x="a b"c', ["--x=a bc"]],
    ['""', [""]],
    ["a\\ b", ["a b"]],
    ['"say \\"hi\\""', ['say "hi"']],
    ["$(rm -rf /) ; `x`", ["$(rm", "-rf", "/)", ";", "`x`"]],
  ])("%s is split into words without a shell", (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });
  test("that ends inside a quotation is refused", () => {
    expect(() => splitArguments('--name "half')).toThrow("quotation");
  });
  test.each([[["--max_steps", "20"]], [["with space", 'quote"', "back\\slash", "", "it's"]], [["a=b", "/x/y:z"]]])("%j survives being joined and split", (words) => {
    expect(splitArguments(joinArguments(words))).toEqual(words);
  });
});
