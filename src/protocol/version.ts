// The version of this program, told in every hello and in what it writes.

/** Equals `version` in package.json; a test compares them. */
export const programVersion = "0.1.0";
