// What the kit says while it works: TensorFlow's log lines, on the console and to observers.
import { tellObservers, type LogLevel } from "./observers";

/** From which level on lines reach the console; observers are told all of them. */
export type Verbosity = LogLevel | "silent";

const ranks: Readonly<Record<Verbosity, number>> = { info: 0, warn: 1, error: 2, silent: 3 };

let verbosity: Verbosity = "info";

/** `tf.logging`: lines for people. Information goes to standard output, warnings and errors to standard error. */
export const logging = {
  /** What goes on. */
  info: (text: string): void => log("info", text),
  /** What a person should look at; watchers of the training are told as well. */
  warn: (text: string): void => log("warn", text),
  /** What went wrong; watchers of the training are told as well. */
  error: (text: string): void => log("error", text),
  /** Lines below this level stay off the console; "info" unless set. */
  setVerbosity: (level: Verbosity): void => void (verbosity = level),
  /** The level set last. */
  getVerbosity: (): Verbosity => verbosity,
} as const;

function log(level: LogLevel, text: string): void {
  if (ranks[level] >= ranks[verbosity]) (level === "info" ? console.log : console.error)(text);
  tellObservers((observer) => {
    observer.logged?.({ level, text });
    if (level !== "info") observer.noticed?.(text);
  });
}
