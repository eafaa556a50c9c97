// Name scopes: prefixes of operations' names (NS-1 to NS-7).
import { getDefaultGraph } from "../graph/graph";

/**
 * Runs `body` with operations named under `name`, which is made unique; "name/" re-enters that very scope, "" is the
 * root. `body` gets the scope's full name with a slash at its end.
 */
export function nameScope<T>(name: string, body: (scope: string) => T): T {
  return getDefaultGraph().withinNameScope(name, body);
}
