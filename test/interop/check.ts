// One line per check, for people and for scripts/interop.mjs, which counts them by their first word.

/** Runs a check; its name is the fact that it shows. */
export async function check(name: string, work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
    console.log(`ok       ${name}`);
  } catch (error) {
    console.log(`FAILED   ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
