// Maps from a key to a list of what belongs to it.

/** Adds an item at the end of its key's list, which begins with it where there is none. */
export function appendTo<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
