// A command line as a person writes it, split into words and put together again. Nothing here goes through a shell.
import { UserError } from "#base/errors";

/** Splits a line at spaces; single and double quotes hold words together, a backslash takes the next character as it is. */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? "";
    if (character === "\\" && quote !== "'" && index + 1 < line.length) word = (word ?? "") + (line[++index] ?? "");
    else if (quote) [word, quote] = character === quote ? [word ?? "", undefined] : [(word ?? "") + character, quote];
    else if (character === '"' || character === "'") [word, quote] = [word ?? "", character];
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote) throw new UserError(`The arguments end inside a quotation that ${quote} began.`);
  if (word !== undefined) words.push(word);
  return words;
}

/** A line that `splitArguments` takes apart into the same words. */
export function joinArguments(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, "\\$&")}"`)).join(" ");
}
