import { defineConfig } from "vitest/config";

const project = (name: string, include: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [include], ...extra },
});

export default defineConfig({
  // Samples are tested against the sources, not against what was built last.
  resolve: { alias: { trainscope: new URL("./src/runtime/index.ts", import.meta.url).pathname } },
  test: {
    pool: "forks",
    projects: [
      project("unit", "test/{arch,unit}/**/*.test.ts", { testTimeout: 60_000, hookTimeout: 60_000 }),
      project("integration", "test/integration/**/*.test.ts", { testTimeout: 120_000, hookTimeout: 120_000 }),
      project("e2e", "test/e2e/**/*.test.ts", { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
