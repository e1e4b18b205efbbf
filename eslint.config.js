import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Newer than browsers of the last three years. (`requestIdleCallback`, `navigator.storage` and the like are asked for first.) */
const tooNew = [
  ['URL', 'parse', 'Use parseUrl.'],
  ['URL', 'canParse', 'Use parseUrl.'],
  ['AbortSignal', 'any', 'Forward the abort by hand.'],
  ['Promise', 'withResolvers'],
  ['Promise', 'try'],
  ['Array', 'fromAsync'],
  ['Object', 'groupBy'],
  ['Map', 'groupBy'],
  ['ReadableStream', 'from'],
  ['Iterator', 'from'],
  ['RegExp', 'escape'],
].map(([object, property, message = 'Not every browser of the last three years has it.']) => ({
  object,
  property,
  message,
}));

/** What is too new, but has to be told by its form. Set methods and iterator helpers are in no library that TypeScript is given. */
const tooNewForms = [
  ['NewExpression[callee.object.name="Intl"][callee.property.name="Segmenter"]', 'Firefox has it since version 125.'],
  ['CallExpression[callee.property.name=/^(transfer|transferToFixedLength)$/]', 'Firefox has it since version 122.'],
  ['Literal[regex.flags=/v/]', 'Chrome has this flag since version 112.'],
].map(([selector, message]) => ({ selector, message: `${message} Ask for it first, with a way on without it.` }));

/** A part that does not come must end in words and a way on, wherever it is wanted. */
const looseImports = {
  selector: [
    'ImportExpression',
    ':not(CallExpression[callee.name=/^(loadPart|untilLoaded)$/] > ArrowFunctionExpression > ImportExpression)',
    ':not(SvelteAttribute[key.name="load"] > SvelteMustacheTag > ArrowFunctionExpression > ImportExpression)',
  ].join(''),
  message: 'Load parts with loadPart(() => import(…)) or <Part load={() => import(…)}>: both can be asked again.',
};

export default ts.config(
  {
    ignores: [
      'dist',
      'dist-test',
      // AssemblyScript, which has operators and decorators of its own.
      'kernels',
      'src/text/paraglide',
      'test-results',
      'playwright-report',
      'tools/guide-model/**/*.py',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      // TypeScript knows better what is defined.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-function': 'off',
      // Fragments of the hash router are no resources to resolve.
      'svelte/no-navigation-without-resolve': 'off',
      // Maps and dates here are replaced whole (`$state.raw`) or never shown: they need no reactivity of their own.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-properties': ['error', ...tooNew],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['tools/**', 'tests/**', '*.config.*'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['src/**', 'workers/**'],
    rules: { 'no-restricted-syntax': ['error', looseImports, ...tooNewForms] },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
    rules: { 'prefer-const': 'off', 'svelte/prefer-const': 'error' },
  },
);
