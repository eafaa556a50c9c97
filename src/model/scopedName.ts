// Names whose parts stand between slashes, as those of operations, variables, tags and runs do: which lies in which.

/** Whether a name is that of the scope, or lies in it. */
export function isWithin(name: string, scope: string): boolean {
  return name.startsWith(scope) && (name.length === scope.length || name[scope.length] === "/");
}

/** `c` of `a/b/c`. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** `a/b/` of `a/b/c`; empty where no scope is around the name. */
export function scopePrefix(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

/** The scopes around a name, outermost first: `a`, `a/b` of `a/b/c`. */
export function parentsOf(name: string): readonly string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The scopes around a name, and the name itself: `a`, `a/b`, `a/b/c`. */
export function pathTo(name: string): readonly string[] {
  return [...parentsOf(name), name];
}

/** The innermost scope around a name that `is` so; in a deep graph most names are asked for their own parent only. */
export function innermostAround(name: string, is: (scope: string) => boolean): string | undefined {
  for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) {
    const scope = name.slice(0, end);
    if (is(scope)) return scope;
  }
  return undefined;
}
