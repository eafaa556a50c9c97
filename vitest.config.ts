import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { defineConfig, type Plugin } from "vitest/config";

/**
 * Vitest leaves one core to itself and needs it for seconds only: with as many workers as cores, unit tests take half the time on two of
 * them. Tests with processes and windows of their own keep that core. Projects that differ in this come one after the other.
 */
const eachCore = { maxWorkers: availableParallelism(), sequence: { groupOrder: 1 } };

const project = (name: string, include: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [include], ...extra },
});

/** Node searches the text of a CommonJS package for its names before it imports it, which costs each test file that uses tfjs half a second; `require` does not. */
function requiredPackages(packages: readonly string[]): Plugin {
  const mark = "\0required:";
  const require = createRequire(import.meta.url);
  return {
    name: "required-packages",
    enforce: "pre",
    resolveId: (id) => (packages.includes(id) ? mark + id : undefined),
    load: (id) => {
      if (!id.startsWith(mark)) return undefined;
      const name = id.slice(mark.length);
      const names = Object.keys(require(name) as object).filter((one) => one !== "default");
      return `import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
        export const { ${names.join(", ")} } = createRequire(${JSON.stringify(import.meta.url)})(${JSON.stringify(name)});`;
    },
  };
}

export default defineConfig({
  plugins: [requiredPackages(["@tensorflow/tfjs", "@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-cpu"])],
  // Samples are tested against the sources, not against what was built last.
  resolve: { alias: { trainscope: new URL("./src/runtime/index.ts", import.meta.url).pathname } },
  test: {
    pool: "forks",
    projects: [
      project("unit", "test/{arch,unit}/**/*.test.ts", { testTimeout: 60_000, hookTimeout: 60_000, ...eachCore }),
      project("integration", "test/integration/**/*.test.ts", { testTimeout: 120_000, hookTimeout: 120_000 }),
      project("e2e", "test/e2e/**/*.test.ts", { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
