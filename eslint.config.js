// The one place that says which browsers can run our pages: Safari 15 and Chrome 90, that is JavaScript of 2021.
// toolkit/web/join/old_browser.js tells a browser that is older what to do; it is written for browsers of any age.
import js from "@eslint/js";
import esX from "eslint-plugin-es-x";
import globals from "globals";

const SYNTAX = 2021;
const NEWER_THAN_SAFARI_15 = ["structuredClone", "Temporal", "Iterator"];

const LATER_METHODS = "at|findLast|findLastIndex|toSorted|toReversed|toSpliced|with|isWellFormed|toWellFormed";

// toolkit/web/linker.py joins modules to one scope, where another module's name would be taken for these of a window.
const WINDOW_NAMES = [
  ..."blur close event external find focus frames length moveBy moveTo name".split(" "),
  ..."open opener origin parent print scroll self status stop top".split(" "),
];

const restricted = [
  {
    selector: `CallExpression > MemberExpression.callee[property.name=/^(${LATER_METHODS})$/]`,
    message: "Safari 15.0 has no such method.",
  },
  {
    selector: "TemplateElement[value.raw=/\\n\\s*\\u002f\\u002f/]",
    message: "Lines that begin like a comment are left out on the way to a phone.",
  },
  {
    selector: ":matches(TemplateElement[value.raw=/ \\u002f\\u002f/], Literal[value=/ \\u002f\\u002f/])",
    message: "What follows a space and two slashes is left out on the way to a phone.",
  },
  {
    selector:
      ":matches(TemplateElement[value.raw=/\\u002f\\*/], Literal[value=/\\u002f\\*/], Literal[regex.pattern=/\\u002f\\*/])",
    message: "What follows a slash and an asterisk is left out on the way to a phone.",
  },
  {
    selector: "MemberExpression[property.name='innerHTML']",
    message: "Pages are built from nodes, never from markup.",
  },
];

// What toolkit/web/linker.py reads by the beginning of a line.
const linked = [
  { selector: "ImportExpression", message: "Modules are joined to one script before they run." },
  {
    selector: "ExportNamedDeclaration[specifiers.length>0], ExportAllDeclaration",
    message: "Export where you declare.",
  },
  { selector: "ImportDefaultSpecifier, ImportNamespaceSpecifier", message: "Import by name." },
  {
    selector: ":matches(Program, ExportNamedDeclaration) > VariableDeclaration[declarations.length>1]",
    message: "One declaration at a time.",
  },
  {
    selector:
      ":matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator[id.type!='Identifier']",
    message: "A name of a module is declared by itself.",
  },
];

export default [
  { ignores: [".venv/", "node_modules/", "docs/"] },
  js.configs.recommended,
  {
    files: ["toolkit/**/*.js"],
    plugins: { "es-x": esX },
    languageOptions: { ecmaVersion: SYNTAX, sourceType: "module", globals: globals.browser },
    rules: {
      ...esX.configs["flat/restrict-to-es2021"].rules,
      "no-restricted-globals": ["error", ...NEWER_THAN_SAFARI_15, ...WINDOW_NAMES],
      "no-restricted-syntax": ["error", ...restricted, ...linked],
      "no-unused-vars": ["error", { caughtErrors: "none" }],
      "no-empty": ["error", { allowEmptyCatch: true }],
      "max-lines": ["error", 300],
      "max-len": ["error", 120],
    },
  },
  {
    files: ["jupyter/**/*.js"],
    plugins: { "es-x": esX },
    languageOptions: { ecmaVersion: SYNTAX, sourceType: "script", globals: globals.browser },
    rules: {
      ...esX.configs["flat/restrict-to-es2021"].rules,
      "no-restricted-globals": ["error", ...NEWER_THAN_SAFARI_15],
      "no-restricted-syntax": ["error", ...restricted],
      "no-unused-vars": ["error", { caughtErrors: "none" }],
      "max-lines": ["error", 300],
      "max-len": ["error", 120],
    },
  },
  {
    files: ["toolkit/web/join/old_browser.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: { ...esX.configs["flat/restrict-to-es5"].rules },
  },
  {
    files: ["tests/**/*.js"],
    languageOptions: { ecmaVersion: "latest", sourceType: "module", globals: globals.nodeBuiltin },
  },
  { files: ["eslint.config.js"], languageOptions: { ecmaVersion: "latest", sourceType: "module" } },
];
