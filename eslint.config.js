// The one place that says which browsers can run our pages: Safari 15 and Chrome 90, that is JavaScript of 2021.
// toolkit/web/join/old_browser.js tells a browser that is older what to do; it is written for browsers of any age.
import js from "@eslint/js";
import esX from "eslint-plugin-es-x";
import globals from "globals";

const SYNTAX = 2021;
const NEWER_THAN_SAFARI_15 = ["structuredClone", "Temporal", "Iterator"];

const LATER_METHODS = "at|findLast|findLastIndex|toSorted|toReversed|toSpliced|with|isWellFormed|toWellFormed";

const restricted = [
  { selector: `CallExpression > MemberExpression.callee[property.name=/^(${LATER_METHODS})$/]`, message: "Safari 15.0 has no such method." },
  { selector: "TemplateElement[value.raw=/\\n\\s*\\u002f\\u002f/]", message: "Lines that begin like a comment are left out on the way to a phone." },
  { selector: ":matches(TemplateElement[value.raw=/ \\u002f\\u002f/], Literal[value=/ \\u002f\\u002f/])", message: "What follows a space and two slashes is left out on the way to a phone." },
  { selector: "MemberExpression[property.name='innerHTML']", message: "Pages are built from nodes, never from markup." },
];

export default [
  { ignores: [".venv/", "node_modules/", "jupyter/", "docs/"] },
  js.configs.recommended,
  {
    files: ["toolkit/**/*.js"],
    plugins: { "es-x": esX },
    languageOptions: { ecmaVersion: SYNTAX, sourceType: "module", globals: globals.browser },
    rules: {
      ...esX.configs["flat/restrict-to-es2021"].rules,
      "no-restricted-globals": ["error", ...NEWER_THAN_SAFARI_15],
      "no-restricted-syntax": ["error", ...restricted],
      "no-unused-vars": ["error", { caughtErrors: "none" }],
      "no-empty": ["error", { allowEmptyCatch: true }],
    },
  },
  {
    files: ["toolkit/web/join/old_browser.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: esX.configs["flat/restrict-to-es5"].rules,
  },
  {
    // toolkit/notebook/board_widget.py joins these three to one module: each uses what the others name.
    files: ["toolkit/web/board/*.js"],
    rules: { "no-undef": "off", "no-unused-vars": "off" },
  },
  { files: ["eslint.config.js"], languageOptions: { ecmaVersion: "latest", sourceType: "module" } },
];
