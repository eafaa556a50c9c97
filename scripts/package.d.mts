// The types of package.mjs, for tests.

export const defaultVsix: string;
export function packageExtension(options?: {
  readonly out?: string;
  readonly fresh?: boolean;
}): Promise<{ readonly out: string; readonly bytes: number }>;
