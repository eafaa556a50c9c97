// JSON that others wrote, looked into without trusting its shape.
import { FormatError } from "#base/errors";
import { encodeUtf8 } from "../bytes/utf8";

/** A JSON object whose members are unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses JSON; what is none is refused as wrong bytes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new FormatError("malformed", `not JSON: ${error.message}`, { offset: errorOffset(text, error.message) });
    throw error;
  }
}

/** Of the byte that the parser stumbled over. It tells most places in words only: then 0, the whole text. */
function errorOffset(text: string, message: string): number {
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return encodeUtf8(text.slice(0, Number(position))).length;
  return message.includes("end of JSON input") ? encodeUtf8(text).length : 0;
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text under a key; undefined where there is none. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

/** The objects of a list under a key; none where there is no list. */
export function objectsAt(value: unknown, key: string): JsonObject[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
}
