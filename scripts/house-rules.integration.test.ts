import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const ENGINE = 'src/main/engine/ports/index.ts';
const SHARED = 'src/shared/contract.ts';
const PURE = [ENGINE, SHARED];
const SHELL = 'src/main/electron/lifetime.ts';
const PRELOAD = 'src/preload/index.ts';
const API = 'src/main/api/message-port.ts';
const CLI = 'src/cli/io.ts';
const WINDOW = 'src/renderer/main.tsx';
const SCRIPT = 'scripts/test.mjs';

/** What stands in a file beside each of `files`, whose rules it gets, and the rules that it breaks there. */
type Planted = [what: string, files: readonly string[], code: string, ...rules: string[]];

const SYNTAX = 'house/restricted-syntax';
const UNUSED = 'Unused oxlint-disable directive (no problems were reported).';
const IPC = "import { ipcMain } from 'electron';\nipcMain.removeAllListeners();\n";
const PLURAL = "import { plural } from '../../shared/lib/format/values';\n\nexport const text = plural(1, 'line');\n";

const HOUSE: readonly Planted[] = [
  ['Date.now', PURE, 'export const now = Date.now();', 'no-restricted-properties'],
  ['new Date without a time', PURE, 'export const now = new Date();', SYNTAX],
  ['Date as a function', PURE, 'export const now = Date();', SYNTAX],
  [
    'performance.now',
    PURE,
    'export const now = performance.now();',
    'no-restricted-globals',
    'no-restricted-properties',
  ],
  ['setTimeout', PURE, 'setTimeout(() => undefined, 1);', 'no-restricted-globals'],
  ['setInterval', PURE, 'setInterval(() => undefined, 1);', 'no-restricted-globals'],
  ['setImmediate', PURE, 'setImmediate(() => undefined);', 'no-restricted-globals'],
  ['chance', PURE, 'export const dice = Math.random();', 'no-restricted-properties'],
  ['process', PURE, 'export const pid = process.pid;', 'no-restricted-globals'],
  ['a Node builtin', PURE, "import { stat } from 'node:fs';\nexport { stat };", 'no-restricted-imports'],
  ['a Node builtin by its old name', PURE, "import { stat } from 'fs';\nexport { stat };", 'no-restricted-imports'],
  ['a Date of a time that is given', PURE, 'export const at = (ms: number): string => new Date(ms).toISOString();\n'],
  ['raw IPC in the API', [API], IPC, 'no-restricted-imports', SYNTAX],
  ['raw IPC in the shell', [SHELL, PRELOAD], IPC],
  ['a homely name', [API], 'export const told = 1;\n', 'house/glossary'],
  ['a homely member', [API], 'export interface Bus {\n  tell(): void;\n}\n', 'house/glossary'],
  ['a homely word in a longer name', [API], 'export const isTold = true;\n', 'house/glossary'],
  ['a limit by another prefix', [API], 'export const MOST_LINES = 3;\n', 'house/glossary'],
  ['a text that reads foreign', [API], "export const text = 'Nobody is told: no channel';\n", 'house/glossary'],
  ['the same in a template', [API], 'export const text = (n: number) => `Told together in ${n}`;\n', 'house/glossary'],
  ['the same in a component', [WINDOW], 'export const text = <b>Nobody is told</b>;\n', 'house/glossary'],
  ['an apostrophe that is typographic', [API], 'export const text = `can\u2019t be read`;\n', 'house/glossary'],
  ['words of the field', [API], "export const MAX_LINES = 3;\nexport const reported = 'No one will be notified';\n"],
  [
    'an effect outside of hooks',
    [WINDOW],
    "import { useEffect } from 'react';\nexport function useNothing(): void {\n  useEffect(() => undefined, []);\n}\n",
    'no-restricted-imports',
  ],
  [
    'an effect of all React outside of hooks',
    [WINDOW],
    "import * as React from 'react';\nexport function useIt(): void {\n  React.useEffect(() => undefined, []);\n}\n",
    'no-restricted-imports',
    SYNTAX,
  ],
  [
    'an effect in a hook',
    ['src/renderer/hooks/use-answer.ts'],
    "import { useEffect } from 'react';\nexport function useNothing(): void {\n  useEffect(() => undefined, []);\n}\n",
  ],
  ['a size in pixels', [WINDOW], 'export const style = { fontSize: 14 };\n', SYNTAX],
  ['a size in pixels as text', [WINDOW], "export const style = { fontSize: '14px' };\n", SYNTAX],
  [
    'an icon in pixels',
    [WINDOW],
    "import { IconX } from '@tabler/icons-react';\nexport const x = <IconX size={14} />;\n",
    SYNTAX,
  ],
  ['a size that grows with the text', [WINDOW], "export const style = { fontSize: '1rem' };\n"],
  ['values in another language than the system', ['src/renderer/words/state-line.ts'], PLURAL, 'no-restricted-imports'],
  ['values in the language of the system', ['src/renderer/format/format.ts'], PLURAL],
  ['console elsewhere', [API, WINDOW], "console.log('');\n", 'no-console'],
  ['console in a program', [CLI, 'scripts/docs.integration.test.ts'], "console.log('');\n"],
  ['a comment that lets nothing pass', [API], '// oxlint-disable-next-line no-eval\nexport {};\n', UNUSED],
  ...[
    ['digits', 'export const text = (share: number): string => share.toFixed(1);\n'],
    ['a mark between thousands', 'export const text = (count: number): string => count.toLocaleString();\n'],
    ['a number of a language', "export const format = new Intl.NumberFormat('en');\n"],
    ['a duration', 'export const text = (ms: number): string => `${ms / 1000} s`;\n'],
    ['a rounded size', 'export const text = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;\n'],
    ['a plural', "export const text = (count: number): string => (count === 1 ? 'line' : 'lines');\n"],
    [
      'a plural of a list',
      "export const text = (rows: readonly string[]): string => (rows.length === 1 ? 'is' : 'are');\n",
    ],
  ].flatMap(([what = '', code = '']): Planted[] => [
    [`${what} written by hand`, [...PURE, API, SHELL, CLI, WINDOW, PRELOAD], code, SYNTAX],
    [
      `${what} in a format`,
      ['src/shared/lib/format/values.ts', 'src/renderer/format/locale.ts', 'src/cli/failure.test.ts'],
      code,
    ],
  ]),
];

const HOOK = 'src/renderer/hooks/use-answer.ts';
/** A module with a hook, and with what it imports from React. */
const hook = (body: string): string =>
  `import { ${['useEffect', 'useMemo', 'useState'].filter((name) => body.includes(name)).join(', ')} } from 'react';\n\n${body}\n`;

/** A violation of nearly each other rule that is on. */
const COMMON: readonly Planted[] = [
  ['==', [API, SCRIPT], 'export const is = (a, b) => a == b;\n', 'eqeqeq'],
  ['a name that is not used', [API], 'const a = 1;\n', 'no-unused-vars'],
  ['var', [API, SCRIPT], 'export var a = 1;\n', 'no-var'],
  ['a variable that does not vary', [API, SCRIPT], 'let a = 1;\nexport { a };\n', 'prefer-const'],
  ['arguments', [API], 'export function f(): unknown {\n  return arguments;\n}\n', 'prefer-rest-params'],
  ['apply', [API], 'export const f = (a: () => void, b: []): void => a.apply(undefined, b);\n', 'prefer-spread'],
  ['an Array of some', [API], 'export const a = new Array(1, 2);\n', 'no-array-constructor'],
  [
    'a value that goes nowhere',
    [API],
    'export const f = (a: number): void => {\n  a + 1;\n};\n',
    'no-unused-expressions',
  ],
  ['a control character', [API], 'export const a = /\\x1b/;\n', 'no-control-regex'],
  ['eval', [API], "eval('1');\n", 'no-eval'],
  ['code in a text', [API], "setTimeout('1', 1);\n", 'no-implied-eval'],
  ['@ts-ignore', [API], '// @ts-ignore\nexport const a: number = 1;\n', 'typescript/ban-ts-comment'],
  [
    'an enum of one value twice',
    [API],
    'export enum A {\n  B = 1,\n  C = 1,\n}\n',
    'typescript/no-duplicate-enum-values',
  ],
  ['{}', [API], 'export const a: {} = 1;\n', 'typescript/no-empty-object-type'],
  ['any', [API], 'export const x: any = 1;\n', 'typescript/no-explicit-any'],
  ['!!', [API], 'export const f = (a: { b?: number }): number => a.b!!;\n', 'typescript/no-extra-non-null-assertion'],
  ['new in an interface', [API], 'export interface A {\n  new (): A;\n}\n', 'typescript/no-misused-new'],
  ['a namespace', [API], 'export namespace A {\n  export const b = 1;\n}\n', 'typescript/no-namespace'],
  [
    '! of what may be missing',
    [API],
    'export const f = (a?: { b: number }): number => a?.b!;\n',
    'typescript/no-non-null-asserted-optional-chain',
  ],
  ['require', [API], "export const a = require('./b');\n", 'typescript/no-require-imports'],
  [
    'this by another name',
    [API],
    'export function f(this: object): void {\n  const a = this;\n  void a;\n}\n',
    'typescript/no-this-alias',
  ],
  ['extends any', [API], 'export type A<T extends unknown> = T[];\n', 'typescript/no-unnecessary-type-constraint'],
  [
    'a class with an interface of its name',
    [API],
    'export interface A {\n  b: number;\n}\nexport class A {}\n',
    'typescript/no-unsafe-declaration-merging',
  ],
  ['Function', [API], 'export type A = Function;\n', 'typescript/no-unsafe-function-type'],
  ['String', [API], 'export type A = String;\n', 'typescript/no-wrapper-object-types'],
  ['as a literal', [API], "export const a = 'b' as 'b';\n", 'typescript/prefer-as-const'],
  ['module', [API], 'declare module A {}\n', 'typescript/no-namespace', 'typescript/prefer-namespace-keyword'],
  ['a reference', [API], '/// <reference path="./b" />\nexport {};\n', 'typescript/triple-slash-reference'],
  [
    'a type as a value',
    [API],
    "import { Readable } from 'node:stream';\n\nexport type A = Readable;\n",
    'typescript/consistent-type-imports',
  ],
  ['a promise', [API], 'export function f(): void {\n  Promise.resolve();\n}\n', 'typescript/no-floating-promises'],
  [
    'a promise as a condition',
    [API],
    'export const f = (a: Promise<boolean>): number => (a ? 1 : 2);\n',
    'typescript/no-misused-promises',
  ],
  [
    'a listener that returns a promise',
    [API],
    "process.on('exit', async () => undefined);\n",
    'typescript/no-misused-promises',
  ],
  ['a handler of a component that does', [WINDOW], 'export const a = <b onClick={async () => undefined} />;\n'],
  [
    'await of no promise',
    [API],
    'export const f = async (): Promise<number> => await 1;\n',
    'typescript/await-thenable',
  ],
  [
    'a switch that misses a case',
    [API],
    "export function f(a: 'b' | 'c'): number {\n  switch (a) {\n    case 'b':\n      return 1;\n  }\n  return 2;\n}\n",
    'typescript/switch-exhaustiveness-check',
  ],
  [
    'a hook in a condition',
    [HOOK],
    hook('export function useIt(a: boolean): void {\n  if (a) useEffect(() => undefined, []);\n}'),
    'react-hooks/rules-of-hooks',
  ],
  [
    'a dependency that is missing',
    [HOOK],
    hook('export function useIt(a: number): number {\n  return useMemo(() => a + 1, []);\n}'),
    'react-hooks/exhaustive-deps',
  ],
  [
    'a component made while drawing',
    ['src/renderer/parts/Name.tsx'],
    'export function A(): unknown {\n  const B = () => <b />;\n  return <B />;\n}\n',
    'react/static-components',
  ],
  [
    'a memo of a function with parameters',
    [HOOK],
    hook('export function useIt(): number {\n  return useMemo((a: number) => a, []);\n}'),
    'react/use-memo',
  ],
  [
    'a memo of nothing',
    [HOOK],
    hook('export function useIt(): void {\n  return useMemo(() => {}, []);\n}'),
    'react/void-use-memo',
  ],
  [
    'a prop that is changed',
    ['src/renderer/parts/Name.tsx'],
    'export function A(props: { b: number }): unknown {\n  props.b = 1;\n  return <b />;\n}\n',
    'react/immutability',
  ],
  [
    'a global that is changed while drawing',
    ['src/renderer/parts/Name.tsx'],
    'let b = 1;\nexport function A(): unknown {\n  b = 2;\n  return <b>{b}</b>;\n}\n',
    'react/globals',
  ],
  [
    'a state set in an effect',
    [HOOK],
    hook(
      'export function useIt(a: number): number {\n  const [b, setB] = useState(0);\n  useEffect(() => {\n    setB(a);\n  }, [a]);\n  return b;\n}',
    ),
    'react/set-state-in-effect',
  ],
  [
    'a try around a component',
    ['src/renderer/parts/Name.tsx'],
    'export function A(): unknown {\n  try {\n    return <b />;\n  } catch {\n    return null;\n  }\n}\n',
    'react/error-boundaries',
  ],
  [
    'chance while drawing',
    ['src/renderer/parts/Name.tsx'],
    'export function A(): unknown {\n  const b = Math.random();\n  return <b>{b}</b>;\n}\n',
    'react/purity',
  ],
  [
    'a state set while drawing',
    [HOOK],
    hook('export function useIt(): number {\n  const [a, setA] = useState(0);\n  setA(1);\n  return a;\n}'),
    'react/set-state-in-render',
  ],
  [
    'syntax that the rules of hooks can not follow',
    [HOOK],
    hook("export function useIt(): number {\n  const [a] = useState(0);\n  eval('a');\n  return a;\n}"),
    'no-eval',
    'react/unsupported-syntax',
  ],
];

describe('the house rules', () => {
  const project = mkdtempSync(join(tmpdir(), 'healdeck-house-rules-'));
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  const broken = new Map<string, Set<string>>();

  const cases = [...HOUSE, ...COMMON].map(([what, files, code, ...rules], at) => {
    const paths = files.map((file) => join(dirname(file), basename(file).replace('.', `-planted-${at}.`)));
    return { what, paths, code, rules };
  });

  /** Runs the real rules once over all that is planted. */
  beforeAll(() => {
    for (const { paths, code } of cases) for (const path of paths) write(path, code);
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    // Copies, since the paths in the rules are those below the folder of their file.
    for (const copied of ['oxlint.config.mjs', 'tsconfig.base.json', 'tsconfig.lint.json', 'scripts/lib']) {
      cpSync(join(root, copied), join(project, copied), { recursive: true });
    }
    const cli = join(root, 'node_modules/oxlint/bin/oxlint');
    const options = ['--config', 'oxlint.config.mjs', '--tsconfig', 'tsconfig.lint.json', '--format', 'json'];
    const { stdout } = spawnSync(process.execPath, [cli, ...options], { cwd: project, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { code?: string; message: string; filename: string }[];
    };
    for (const { code, message, filename } of diagnostics) {
      broken.set(filename, (broken.get(filename) ?? new Set()).add(code === undefined ? message : ruleOf(code)));
    }
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }

  it.each(cases)('know $what: $rules', ({ paths, rules }) => {
    for (const path of paths) expect([...(broken.get(path) ?? [])].sort(), path).toEqual([...rules].sort());
  });

  it('leave px to the lines and marks of its styles', () => {
    const renderer = resolve(root, 'src/renderer');
    const sheets = readdirSync(renderer, { encoding: 'utf8', recursive: true }).filter((file) => file.endsWith('.css'));
    expect(sheets).not.toEqual([]);
    expect(sheets.flatMap((file) => sizesInPx(readFileSync(join(renderer, file), 'utf8')))).toEqual([]);
    expect(sizesInPx('font-size: 14px;\nborder: 1px solid;\n@media (max-width: 900px) {')).toHaveLength(2);
  });
});

/** `no-eval` of `eslint(no-eval)`, `house/glossary` of `house(glossary)`. */
function ruleOf(code: string): string {
  return code.replace(/^(.+)\((.+)\)$/, '$1/$2').replace(/^eslint\//, '');
}

/** The lines of a style sheet that give more than 3 px, other than of a corner that is round at every size. */
function sizesInPx(css: string): string[] {
  const isSize = (px: number) => px > 3 && px !== 999;
  return css.split('\n').filter((line) => [...line.matchAll(/([\d.]+)px\b/g)].some(([, px]) => isSize(Number(px))));
}
