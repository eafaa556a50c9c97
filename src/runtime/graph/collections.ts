// Collections of the default graph by key: lists that one part of a program fills and another reads (CL-1 to CL-3).
import { getDefaultGraph } from "./graph";

/** Appends to a collection of the default graph; the same value may be there twice. */
export function addToCollection(key: string, value: unknown): void {
  getDefaultGraph().addToCollection(key, value);
}

/** Appends to several collections, once to each; a single key may be given as it is. */
export function addToCollections(keys: string | readonly string[], value: unknown): void {
  for (const key of new Set(typeof keys === "string" ? [keys] : keys)) addToCollection(key, value);
}

/** A copy of a collection; `scope` is a regular expression that the start of a value's name must match. */
export function getCollection<T = unknown>(key: string, scope?: string): T[] {
  return getDefaultGraph().getCollection<T>(key, scope);
}

/** The live list of a collection, made if it is not there. */
export function getCollectionRef(key: string): unknown[] {
  return getDefaultGraph().getCollectionRef(key);
}
