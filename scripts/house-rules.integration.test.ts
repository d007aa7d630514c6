import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const typed = new ESLint({
  cwd: root,
  // Where CI is set, a file is taken for unchanged during the whole run; here its text is ours.
  overrideConfig: [{ languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } }],
});
/** Without types, which most rules don't need: much quicker. */
const quick = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked as Linter.Config] });

/** The rules that code breaks when it stands in a file. The file exists, so that its types are known; its own text is not read. */
async function broken(file: string, code: string, eslint = quick): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(root, file) });
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))];
}

const ENGINE = 'src/main/engine/ports/index.ts';
const SHARED = 'src/shared/contract.ts';
const SHELL = 'src/main/electron/lifetime.ts';
const API = 'src/main/api/message-port.ts';

describe('the house rules', () => {
  it.each([
    ['Date.now', 'export const now = Date.now();'],
    ['new Date without a time', 'export const now = new Date();'],
    ['Date as a function', 'export const now = Date();'],
    ['performance.now', 'export const now = performance.now();'],
    ['setTimeout', 'setTimeout(() => undefined, 1);'],
    ['setInterval', 'setInterval(() => undefined, 1);'],
    ['setImmediate', 'setImmediate(() => undefined);'],
    ['chance', 'export const dice = Math.random();'],
    ['process', 'export const pid = process.pid;'],
    ['a Node builtin', "import { readFileSync } from 'node:fs';\nexport { readFileSync };"],
    ['a Node builtin by its old name', "import { readFileSync } from 'fs';\nexport { readFileSync };"],
  ])('keep %s out of the pure layers', async (_what, code) => {
    for (const file of [ENGINE, SHARED]) {
      expect((await broken(file, code)).filter((rule) => rule.startsWith('no-restricted-'))).not.toEqual([]);
    }
  });

  it('let a time that is given be a Date', async () => {
    expect(
      await broken(ENGINE, 'export const iso = (atMs: number): string => new Date(atMs).toISOString();\n'),
    ).toEqual([]);
  });

  it('keep raw IPC in the shell and the preload', async () => {
    const code = "import { ipcMain } from 'electron';\nipcMain.removeAllListeners();\n";
    expect(await broken(API, code)).toEqual(expect.arrayContaining(['no-restricted-imports', 'no-restricted-syntax']));
    expect(await broken(SHELL, code)).toEqual([]);
  });

  it.each([
    ['a homely name', 'export const told = 1;\n'],
    ['a homely member', 'export interface Bus {\n  tell(): void;\n}\n'],
    ['a homely word in a longer name', 'export const isTold = true;\n'],
    ['a limit by another prefix', 'export const MOST_LINES = 3;\n'],
    ['a text that reads foreign', "export const text = 'Nobody is told: no channel is set up';\n"],
    ['the same in a template', 'export const text = (n: number): string => `Told together within ${n}`;\n'],
    ['an apostrophe that is typographic', 'export const text = `can\u2019t be read`;\n'],
  ])('keep out %s', async (_what, code) => {
    expect(await broken(API, code)).toEqual(['house/glossary']);
  });

  it('let the words of the field stand', async () => {
    const code = "export const MAX_LINES = 3;\nexport const reported = 'No one will be notified';\n";
    expect(await broken(API, code)).toEqual([]);
  });

  it('want every promise handled', { timeout: 120_000 }, async () => {
    expect(await broken(API, 'export function f(): void {\n  Promise.resolve();\n}\n', typed)).toEqual([
      '@typescript-eslint/no-floating-promises',
    ]);
  });

  it('know no any', async () => {
    expect(await broken(API, 'export const x: any = 1;\n')).toEqual(['@typescript-eslint/no-explicit-any']);
  });

  it('keep effects in hooks under lib/', async () => {
    const code =
      "import { useEffect } from 'react';\nexport function useNothing(): void {\n  useEffect(() => undefined, []);\n}\n";
    expect(await broken('src/renderer/main.tsx', code)).toEqual(['no-restricted-imports']);
    const react =
      "import * as React from 'react';\nexport function useIt(): void {\n  React.useEffect(() => undefined, []);\n}\n";
    expect(await broken('src/renderer/main.tsx', react)).toContain('no-restricted-syntax');
  });

  it('let sizes in the window grow with the text', async () => {
    for (const code of [
      'export const style = { fontSize: 14 };\n',
      "export const style = { fontSize: '14px' };\n",
      'export const column = <IconX size={14} />;\n',
    ]) {
      expect(await broken('src/renderer/main.tsx', code), code).toContain('no-restricted-syntax');
    }
    expect(await broken('src/renderer/main.tsx', "export const style = { fontSize: '1rem' };\n")).toEqual([]);
  });

  it.each([
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
  ])('keep %s that is written by hand out of all but the formats', async (_what, code) => {
    for (const file of [ENGINE, SHARED, API, SHELL, 'src/cli/io.ts', 'src/renderer/main.tsx', 'src/preload/index.ts']) {
      expect(await broken(file, code), file).toEqual(['no-restricted-syntax']);
    }
    for (const file of [
      'src/shared/lib/format/values.ts',
      'src/renderer/format/locale.ts',
      'src/cli/failure.test.ts',
    ]) {
      expect(await broken(file, code), file).toEqual([]);
    }
  });

  it('let the window write values in the language of the system only', async () => {
    const code = "import { plural } from '../../shared/lib/format/values';\n\nexport const text = plural(1, 'line');\n";
    expect(await broken('src/renderer/words/state-line.ts', code)).toEqual(['no-restricted-imports']);
    expect(await broken('src/renderer/format/format.ts', code)).toEqual([]);
  });

  it('leave px to the lines and marks of its styles', () => {
    const renderer = resolve(root, 'src/renderer');
    const sheets = readdirSync(renderer, { encoding: 'utf8', recursive: true }).filter((file) => file.endsWith('.css'));
    expect(sheets).not.toEqual([]);
    expect(sheets.flatMap((file) => sizesInPx(readFileSync(join(renderer, file), 'utf8')))).toEqual([]);
    expect(sizesInPx('font-size: 14px;\nborder: 1px solid;\n@media (max-width: 900px) {')).toHaveLength(2);
  });
});

/** The lines of a style sheet that give more than 3 px, other than of a corner that is round at every size. */
function sizesInPx(css: string): string[] {
  const isSize = (px: number) => px > 3 && px !== 999;
  return css.split('\n').filter((line) => [...line.matchAll(/([\d.]+)px\b/g)].some(([, px]) => isSize(Number(px))));
}
