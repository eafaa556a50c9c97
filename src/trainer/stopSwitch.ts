// Asking a training to stop: once gently, by a client or a signal; a signal after that means at once.

/** One switch per process. The request is kept until there is a loop that can obey it. */
export class StopSwitch {
  #asked = false;
  #atOnce: ((signal: string) => void) | undefined;

  /** `stopLoop` ends the loop after its current step; it does nothing while there is no loop. */
  constructor(private readonly stopLoop: () => void) {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (this.#asked) this.#atOnce?.(signal);
        else this.ask();
      });
    }
  }

  get asked(): boolean {
    return this.#asked;
  }

  ask(): void {
    this.#asked = true;
    this.stopLoop();
  }

  /** Called as a loop begins: a stop that came before it is obeyed now. */
  loopBegins(): void {
    if (this.#asked) this.stopLoop();
  }

  onSecondSignal(act: (signal: string) => void): void {
    this.#atOnce = act;
  }
}
