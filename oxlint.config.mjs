import { builtinModules } from 'node:module';

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

/** Those of typescript-eslint's `recommended`. */
const TYPESCRIPT = {
  'no-var': 'error',
  'prefer-const': 'error',
  'prefer-rest-params': 'error',
  'prefer-spread': 'error',
  'no-array-constructor': 'error',
  'no-unused-expressions': 'error',
  'typescript/ban-ts-comment': 'error',
  'typescript/no-duplicate-enum-values': 'error',
  'typescript/no-empty-object-type': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-extra-non-null-assertion': 'error',
  'typescript/no-misused-new': 'error',
  'typescript/no-namespace': 'error',
  'typescript/no-non-null-asserted-optional-chain': 'error',
  'typescript/no-require-imports': 'error',
  'typescript/no-this-alias': 'error',
  'typescript/no-unnecessary-type-constraint': 'error',
  'typescript/no-unsafe-declaration-merging': 'error',
  'typescript/no-unsafe-function-type': 'error',
  'typescript/no-wrapper-object-types': 'error',
  'typescript/prefer-as-const': 'error',
  'typescript/prefer-namespace-keyword': 'error',
  'typescript/triple-slash-reference': 'error',
};

/**
 * Those of eslint-plugin-react-hooks' `recommended-latest`, without two that speak of the React compiler, which is not used here:
 * `refs` and `incompatible-library` refuse hooks that return a ref beside other things.
 */
const HOOKS = {
  'react/rules-of-hooks': 'error',
  'react/exhaustive-deps': 'error',
  'react/static-components': 'error',
  'react/use-memo': 'error',
  'react/void-use-memo': 'error',
  'react/preserve-manual-memoization': 'error',
  'react/immutability': 'error',
  'react/globals': 'error',
  'react/set-state-in-effect': 'error',
  'react/error-boundaries': 'error',
  'react/purity': 'error',
  'react/set-state-in-render': 'error',
  'react/unsupported-syntax': 'error',
};

/**
 * Read where `npm run lint` names it: by itself oxlint finds only a configuration in JSON, and one in TypeScript on a newer Node. Types
 * come from one program for all files (tsconfig.lint.json): they are the same in each of the projects that `npm run types` checks.
 * What the pure layers may not know is a matter of rules below.
 */
export default {
  plugins: ['eslint', 'typescript', 'react'],
  jsPlugins: ['./scripts/lib/house-rules.mjs'],
  categories: { correctness: 'off' },
  env: { builtin: true, node: true, browser: true },
  // A comment that lets nothing pass is an error, too.
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['node_modules/', 'out/', 'dist/', '.tsbuild/', 'test-results/', 'playwright-report/', '**/*.d.ts'],
  overrides: [
    {
      files: ['**/*.{ts,tsx,mts}'],
      rules: {
        ...TYPESCRIPT,
        'house/glossary': 'error',
        eqeqeq: ['error', 'always'],
        'no-console': 'error',
        'no-control-regex': 'error',
        'no-eval': 'error',
        'no-implied-eval': 'error',
        'house/restricted-syntax': ['error', IPC],
        'no-restricted-imports': ['error', { paths: [noElectron] }],
        'typescript/no-floating-promises': 'error',
        'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
        'typescript/await-thenable': 'error',
        'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
        'typescript/consistent-type-imports': 'error',
        'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      },
    },
    {
      files: ['src/**/*.{ts,tsx}'],
      excludeFiles: TESTS,
      rules: { 'house/restricted-syntax': ['error', IPC, ...FORMATS] },
    },
    {
      files: PURE,
      excludeFiles: TESTS,
      rules: {
        'house/restricted-syntax': ['error', IPC, ...TIME, ...FORMATS],
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
      rules: { 'house/restricted-syntax': ['error', ...FORMATS], 'no-restricted-imports': 'off' },
    },
    { files: ['src/renderer/**/*.{ts,tsx}'], rules: HOOKS },
    {
      files: ['src/renderer/**/*.{ts,tsx}'],
      excludeFiles: ['src/renderer/**/use-*.ts', ...TESTS],
      rules: {
        'house/restricted-syntax': ['error', IPC, EFFECT, ...SIZES, ...FORMATS],
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
      excludeFiles: TESTS,
      rules: { 'house/restricted-syntax': ['error', IPC, ...TIME] },
    },
    {
      files: ['src/renderer/format/*.ts'],
      excludeFiles: TESTS,
      rules: {
        'house/restricted-syntax': ['error', IPC, EFFECT, ...SIZES],
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
  ],
};
