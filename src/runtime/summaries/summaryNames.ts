// What a summary may be called, and the tag that follows from it (SY-1, SY-2).

/** A name as summaries take it: foreign characters become `_`, leading slashes go; letters of any script stay (SY-1). */
export function cleanSummaryName(name: string): string {
  return name.replace(/[^-/\p{L}\p{N}_.]/gu, "_").replace(/^\/+/, "");
}

/** The name scope a summary opens: its name, below its family where it has one (SY-2). */
export function summaryScope(name: string, family?: string): string {
  return family === undefined ? cleanSummaryName(name) : `${cleanSummaryName(family)}/${cleanSummaryName(name)}`;
}

/** The tag of a summary whose scope became `scope` (full name, with or without the final slash). */
export function summaryTag(scope: string, family?: string): string {
  const name = scope.replace(/\/$/, "");
  return family === undefined ? name : `${cleanSummaryName(family)}/${name}`;
}

/** Tags of pictures or sounds: numbered where several were asked for, however many came (SY-6, SY-7). */
export function mediaTags(tag: string, { maxOutputs, count }: { maxOutputs: number; count: number }): string[] {
  if (maxOutputs === 1) return count > 0 ? [tag] : [];
  return Array.from({ length: Math.min(maxOutputs, count) }, (_, i) => `${tag}/${i}`);
}
