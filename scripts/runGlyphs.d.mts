// The types of runGlyphs.mjs, for tests.
export declare const runGlyphs: ReadonlyMap<string, { readonly code: number; readonly path: string }>;
export declare function runGlyphsFont(): Uint8Array;
