// The packages that are measured against and that nothing else needs.

const peers = ["protobufjs", "pbf"];

/** Those that are not installed. */
export async function missingPeers(): Promise<string[]> {
  const missing: string[] = [];
  for (const name of peers) await importPeer(name).catch(() => missing.push(name));
  return missing;
}

/** Its exports. Found when this runs, not when it is compiled: it may be absent. */
export async function importPeer<T>(name: string): Promise<T> {
  const loaded = await import(name) as { readonly default?: T } & T;
  return loaded.default ?? loaded;
}

/** Whether a package loads here. */
export async function isThere(name: string): Promise<boolean> {
  return importPeer(name).then(() => true, () => false);
}
