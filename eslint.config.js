// One linter configuration for the library, its tests and the plain JavaScript around them. Zero warnings: a rule is
// either an error or off.
import { defineConfig, globalIgnores } from 'eslint/config';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { fileHeader } from './scripts/file-header-rule.mjs';

const PLAIN_JAVASCRIPT = ['**/*.js', '**/*.mjs', '**/*.cjs'];

const restrictedSyntax = [
  // The entries name what they export, and the one that is both of them need not do so again.
  {
    selector: 'ExportAllDeclaration:not([source.value=/-entry.js$/])',
    message: 'Name what is exported: an `export *` makes the public list depend on another file.',
  },
  {
    selector: 'TSParameterProperty',
    message: 'Declare the field and assign it: parameter properties are not erasable.',
  },
  {
    selector: ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"])[accessibility="private"]',
    message: 'Use a #private name: `private` vanishes at run time.',
  },
  // One way to count: `x++` as a statement; `++x` and `x++` where the value is used, because they differ in it.
  {
    selector: 'AssignmentExpression[operator=/^[+-]=$/][right.raw="1"]',
    message: 'Write x++ or x--; where the value is used, ++x or --x.',
  },
  {
    selector: ':matches(ExpressionStatement, ForStatement) > UpdateExpression[prefix=true]',
    message: 'Write x++ or x-- where the value is not used.',
  },
];

/** Arguments stand on the stack, which a list of somebody else's size exhausts. */
const spreadArguments = [
  {
    selector:
      'CallExpression[callee.property.name=/^(push|unshift|splice|min|max|hypot|fromCharCode|fromCodePoint)$/] > SpreadElement',
    message: 'Go through the list: a call takes some ten thousand arguments at most.',
  },
];

/** What makes HTML or code of a text. */
const textAsHtml = [
  {
    selector:
      ':matches(MemberExpression > Identifier.property, Property > Identifier.key, Literal)' +
      ':matches([name=/^(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|srcdoc|write|writeln)$/], [value=/^(innerHTML|outerHTML|srcdoc|style|on[a-z]+)$/])',
    message: 'Only text goes into the page: use textContent and append.',
  },
  {
    selector: 'Property > Identifier.key[name=/^(style|src|href|srcdoc|on[a-z]+)$/]',
    message: 'Neither code nor styles nor addresses are made of what the page is told.',
  },
  {
    selector: 'Identifier[name=/^(DOMParser|Range|XMLSerializer)$/]',
    message: 'Only text goes into the page: use textContent and append.',
  },
];

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    '**/dist.new/',
    'coverage/',
    // AssemblyScript only looks like TypeScript, and the embedded kernels are generated from it, as the embedded page from its files.
    '**/*.as.ts',
    'lib/memory/kernel-binary.ts',
    'lib/exposition/rows/kernel-binary.ts',
    'lib/exposition/page/page-files.ts',
    // What a plain JavaScript file declares for the tests: the compiler would take it for the file itself.
    '**/*.d.mts',
  ]),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    plugins: { local: { rules: { 'file-header': fileHeader } } },
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    languageOptions: {
      ecmaVersion: 2023,
      parserOptions: { project: './tsconfig.eslint.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'local/file-header': 'error',
      // Braces where there are several statements, and only there.
      curly: ['error', 'multi'],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...restrictedSyntax],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // The enumerations of the SDK are known by value: importing them would tie the library to one copy of it.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // The compiler's noUnusedLocals and noUnusedParameters say the same, and know the leading underscore.
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    // Below, indices are checked by the layout; above, an absent element is a case to handle.
    files: ['lib/**/*.ts'],
    ignores: ['lib/memory/**', 'lib/store/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'error' },
  },
  {
    files: ['lib/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax, ...spreadArguments] },
  },
  {
    files: ['lib/cli/**', 'examples/**', 'scripts/**', 'bench/**', 'matrix/**', 'recipes/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // `expect(x).to.be.true` is a property access with an effect.
      '@typescript-eslint/no-unused-expressions': 'off',
      // A fake that implements an asynchronous interface has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Exporters of others reject with anything.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },
  {
    files: PLAIN_JAVASCRIPT,
    languageOptions: {
      // Only what Node 20 has: a name that is not in this list is a typing error or a newer API.
      globals: Object.fromEntries(
        [
          'AbortController AbortSignal Atomics BroadcastChannel Buffer MessageChannel ReadableStream Request Response',
          'SharedArrayBuffer TextDecoder',
          'TextEncoder URL URLSearchParams WebAssembly clearImmediate clearInterval clearTimeout console fetch',
          'performance process queueMicrotask setImmediate setInterval setTimeout structuredClone',
        ]
          .join(' ')
          .split(' ')
          .map(name => [name, 'readonly']),
      ),
    },
    rules: {
      'no-unused-vars': 'error',
      // JavaScript has no word for it.
      '@typescript-eslint/prefer-readonly': 'off',
      // Without declared types nearly every value is `any`, so these rules would report the absence of types only.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    // They run in browsers, the second one in a part of it.
    files: ['lib/exposition/page/page.js', 'scripts/page-rules.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        'document getComputedStyle getSelection innerWidth matchMedia navigator'
          .split(' ')
          .map(name => [name, 'readonly']),
      ),
    },
  },
  {
    // What it shows was written by anybody.
    files: ['lib/exposition/page/page.js'],
    rules: {
      'no-restricted-syntax': ['error', ...restrictedSyntax, ...textAsHtml],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        __dirname: 'readonly',
        __filename: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
