// The rules that a machine can keep. Rules that need types of the whole program are left to the compiler: lint stays fast.
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", ".cache/", "node_modules/", "test-output/", "samples/runs/", "test/fixtures/", "types/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  ...tseslint.configs.strict.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Empty implementations of an interface are honest; an empty catch is not, and `no-empty` sees it.
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/unified-signatures": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      "no-console": "off",
    },
  },
  {
    files: ["src/**/*.ts", "webview/**/*.ts"],
    rules: {
      "max-params": ["error", 3],
      "max-lines": ["error", 500],
      "max-lines-per-function": ["error", { max: 80 }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Export by name: a search for the name then finds every use." },
      ],
    },
  },
  {
    files: ["src/extension/**/*.ts", "src/host/**/*.ts", "src/reader/**/*.ts", "webview/**/*.ts"],
    rules: { "no-console": "error" },
  },
  { files: ["**/*.d.ts"], rules: { "no-var": "off" } },
  {
    files: ["**/*.mjs"],
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error", "no-empty": ["error", { allowEmptyCatch: false }], "no-unused-vars": "error" },
  },
);
