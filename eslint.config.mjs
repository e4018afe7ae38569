import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["_build/", ".venv/", "node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    rules: { eqeqeq: "error", "prefer-const": "error", "no-var": "error" },
  },
  { files: ["tests/js/**", "**/*.mjs"], languageOptions: { globals: globals.node } },
];
