// Why a backend is not used: one plain sentence, which the person reads beside the backend that was chosen instead.

/** Thrown by a candidate that cannot compute here. The message is the sentence. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
