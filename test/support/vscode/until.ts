// Waiting for a condition of the outside world, with a limit and with its last state in the error.

/** Asks until the answer is neither undefined nor false. `seconds` is a limit, not a pace. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { seconds = 60, state }: { readonly seconds?: number; readonly state?: () => Promise<string> | string } = {},
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) {
      const seen = state ? `; at the end: ${await state()}` : "";
      throw new Error(`waited ${seconds} s for ${what}${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
