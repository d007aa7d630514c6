import { builtinModules } from 'node:module';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { glossary } from './scripts/lib/glossary.mjs';

const TESTS = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**'];
const PURE = ['src/shared/**/*.{ts,tsx}', 'src/main/engine/**/*.{ts,tsx}'];

const CLOCK_PORT = 'Time comes through the Clock port.';
const TIME = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK_PORT },
  { selector: "CallExpression[callee.name='Date']", message: CLOCK_PORT },
];
const IPC = {
  selector: 'Identifier[name=/^ipc(Main|Renderer)$/]',
  message: 'Raw IPC stays in src/main/electron and src/preload.',
};
const EFFECT = {
  selector: 'MemberExpression[property.name=/^use(Layout|Insertion)?Effect$/]',
  message: 'Effects live in hooks, in files named use-….',
};

const GROWS = 'Sizes grow with the text: give them in rem (lib/text-scale).';
const SIZES = [
  { selector: "Property[key.name='fontSize'] > Literal[raw=/^[0-9]|px/]", message: GROWS },
  {
    selector:
      "JSXOpeningElement[name.name=/^(Icon|Shape$)/] > JSXAttribute[name.name='size'] > JSXExpressionContainer > Literal",
    message: GROWS,
  },
];

const FORMATTED = 'Values for people are written by shared/lib/format (in the window: renderer/format).';
const THOUSANDS = '/^(1_?000|1e3|1024|60_?000|3_?600_?000|86_?400_?000|1_?000_?000|1e6)$/';
const QUOTED = `/^['"]./`;
/** Formats written by hand: digits, units, plurals. */
const FORMATS = [
  'MemberExpression[property.name=/^(toFixed|toPrecision|toExponential|toLocale(Date|Time)?String)$/]',
  "MemberExpression[object.name='Intl'][property.name=/Format$/]",
  `TemplateLiteral > BinaryExpression[operator='/'][right.raw=${THOUSANDS}]`,
  `TemplateLiteral > CallExpression[callee.object.name='Math'] > BinaryExpression[operator='/'][right.raw=${THOUSANDS}]`,
  ...['[test.left.name=/^(?!pid$)/]', '[test.left.property.name=/^(length|size|count)$/]'].map(
    (counted) =>
      `ConditionalExpression[test.operator=/^[=!]==$/][test.right.raw='1']${counted}[consequent.raw=${QUOTED}][alternate.raw=${QUOTED}]`,
  ),
].map((selector) => ({ selector, message: FORMATTED }));
const PLAIN_FORMATS = {
  regex: 'shared/lib/format/(values|duration|number)$',
  message: 'The window writes in the language of the system: renderer/format/format.',
};

const noElectron = { name: 'electron', message: 'Only src/main/electron and src/preload know Electron.' };

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', '.tsbuild/', 'test-results/', 'playwright-report/', '**/*.d.ts'] },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.recommended],
    plugins: { house: { rules: { glossary } } },
    languageOptions: {
      parserOptions: {
        // One program for all files: their types are the same in each of the projects, which `npm run types` checks, and reading
        // the libraries of six programs took a third of the time. What the pure layers may not know is a matter of rules below.
        project: ['tsconfig.lint.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'house/glossary': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-control-regex': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-syntax': ['error', IPC],
      'no-restricted-imports': ['error', { paths: [noElectron] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', IPC, ...FORMATS] },
  },
  {
    files: PURE,
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': ['error', IPC, ...TIME, ...FORMATS],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: CLOCK_PORT },
        { object: 'performance', property: 'now', message: CLOCK_PORT },
        { object: 'Math', property: 'random', message: 'Chance comes through a port.' },
      ],
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance'].map((name) => ({
          name,
          message: CLOCK_PORT,
        })),
        ...['process', 'Buffer', 'require', 'globalThis', 'window', 'document'].map((name) => ({
          name,
          message: 'The pure layers know no runtime.',
        })),
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [noElectron, ...builtinModules.map((name) => ({ name, message: 'The pure layers know no Node.' }))],
          patterns: [{ group: ['node:*'], message: 'The pure layers know no Node.' }],
        },
      ],
    },
  },
  {
    files: ['src/main/electron/**/*.ts', 'src/preload/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...FORMATS], 'no-restricted-imports': 'off' },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    // These two speak of the React compiler, which is not used here: they refuse hooks that return a ref beside other things.
    rules: { 'react-hooks/refs': 'off', 'react-hooks/incompatible-library': 'off' },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    ignores: ['src/renderer/**/use-*.ts', ...TESTS],
    rules: {
      'no-restricted-syntax': ['error', IPC, EFFECT, ...SIZES, ...FORMATS],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            noElectron,
            {
              name: 'react',
              importNames: ['useEffect', 'useLayoutEffect', 'useInsertionEffect'],
              message: 'Effects live in hooks, in files named use-….',
            },
          ],
          patterns: [PLAIN_FORMATS],
        },
      ],
    },
  },
  {
    files: ['src/shared/lib/format/*.ts'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', IPC, ...TIME] },
  },
  {
    files: ['src/renderer/format/*.ts'],
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': ['error', IPC, EFFECT, ...SIZES],
      'no-restricted-imports': ['error', { paths: [noElectron] }],
    },
  },
  {
    // They speak to a terminal.
    files: ['src/cli/**', 'src/main/headless/**', 'e2e/**', 'bench/**', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{mjs,cjs,js}'],
    rules: {
      eqeqeq: ['error', 'always'],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  // It plants what the glossary refuses.
  { files: ['scripts/house-rules.integration.test.ts'], rules: { 'house/glossary': 'off' } },
);
