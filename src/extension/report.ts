// The only place where an error becomes words for the person, and where our own log is kept.
import * as vscode from "vscode";
import { FormatError, messageOf, UserError } from "#base/errors";
import type { Disposable } from "#base/lifetime";

/** An answer to a notification: its button's text and what it does. */
export interface Answer {
  readonly title: string;
  run(): unknown;
}

/** Tells the person what happened and keeps the log. */
export class Report implements Disposable {
  readonly #channel = vscode.window.createOutputChannel("Trainscope", { log: true });

  /** A failure of something the person asked for. `doing` completes "could not …". */
  failure(doing: string, error: unknown): void {
    const why = messageOf(error);
    if (error instanceof UserError) {
      this.#channel.warn(`${doing}: ${why}`);
      void vscode.window.showErrorMessage(error.action ? `${why} ${error.action}` : why);
      return;
    }
    this.#channel.error(`${doing}: ${error instanceof Error ? (error.stack ?? why) : why}`);
    const text = error instanceof FormatError ? why : `Could not ${doing}: ${why}`;
    void this.#ask(vscode.window.showErrorMessage(text, "Show Log"), [{ title: "Show Log", run: () => this.show() }]);
  }

  /** A failure of something nobody asked for: for the log alone. */
  log(doing: string, error: unknown): void {
    this.#channel.warn(`could not ${doing}: ${messageOf(error)}`);
  }

  /** Something that went well, with at most two things to do next. */
  done(text: string, answers: readonly Answer[] = []): void {
    this.#channel.info(text);
    void this.#ask(vscode.window.showInformationMessage(text, ...answers.map(({ title }) => title)), answers);
  }

  /** Something the person should know and did not ask for. */
  warning(text: string, answers: readonly Answer[] = []): void {
    this.#channel.warn(text);
    void this.#ask(vscode.window.showWarningMessage(text, ...answers.map(({ title }) => title)), answers);
  }

  /** For the log alone. */
  note(text: string): void {
    this.#channel.info(text);
  }

  /** Shows our own log. */
  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }

  async #ask(shown: Thenable<string | undefined>, answers: readonly Answer[]): Promise<void> {
    const chosen = await shown;
    const answer = answers.find(({ title }) => title === chosen);
    if (!answer) return;
    try {
      await answer.run();
    } catch (error) {
      this.failure(answer.title.toLowerCase(), error);
    }
  }
}
