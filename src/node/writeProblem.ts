// Why something could not be written, as a sentence for the person where the system's reason is one they can act on.
import { messageOf, UserError } from "#base/errors";
import { codeOf } from "./files";

/** A UserError for a full disk or a missing permission, any other error as it is. `what` begins the sentence: "The checkpoint m-3". */
export function explainWrite(what: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new UserError(`${what} could not be written: the disk is full.`, "Make room, for instance by pruning checkpoints.");
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new UserError(`${what} could not be written: it is not allowed there (${messageOf(error)}).`);
    default:
      return error;
  }
}
