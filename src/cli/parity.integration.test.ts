import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { contract } from '../shared/contract';

const SRC = resolve(__dirname, '..');

/** What one face does not ask for, and why that is no gap. */
const NOT_IN_THE_WINDOW: Readonly<Record<string, string>> = {
  'engine.info': 'part of `live`, which the window follows',
  'engine.dashboardUrl': 'leads into the window; who sees it is there already',
  'engine.dashboardPage': 'leads into the window; who sees it is there already',
  'processes.list': 'part of `processes.live`',
  'watches.list': 'part of `live`',
  'watches.addAll': 'the window imports every file by `config.import`',
  'events.follow': 'part of `live`',
  'alerts.status': 'part of `live`',
  'settings.get': 'part of `live`',
  'settings.set': 'the window saves what was typed all at once, by `settings.setAll`',
};
const NOT_ON_THE_COMMAND_LINE: Readonly<Record<string, string>> = {
  'processes.live': 'a stream for a table on a screen; `ps` reads the same by `processes.list`',
  'processes.recorded': 'the ends of a slider; `ps --at` says when nothing was recorded',
  'drill.run': '`drill` runs the same drill by itself, with no engine',
};

/** The names of all procedures: `live`, `watches.add`, … */
function proceduresOf(router: object, path: readonly string[] = []): string[] {
  return Object.entries(router).flatMap(([name, value]) => {
    const here = [...path, name];
    return '~orpc' in (value as object) ? [here.join('.')] : proceduresOf(value as object, here);
  });
}

const PROCEDURES = proceduresOf(contract);

/** The sources of a face, without its tests and what tests stand on. */
function sourcesOf(folder: string): string[] {
  return readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$|(?:^|\/)testing\//.test(name))
    .map((name) => join(SRC, folder, name));
}

/** The procedures that are called in a source: `client.watches.add(…)`, and `client.watches[action](…)` for every word it names. */
function calledIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const called: string[] = [];
  const words = new Set<string>();
  const groups = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) words.add(node.text);
    if (ts.isCallExpression(node)) {
      const path = pathOf(node.expression);
      if (path?.at(-1) === '*') groups.add(path.slice(0, -1).join('.'));
      else if (path !== null) called.push(path.join('.'));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const group of groups) called.push(...[...words].map((word) => `${group}.${word}`));
  return called;
}

/** What follows `client` in a chain of names; a name that is computed is `*`. Null when it does not begin there. */
function pathOf(node: ts.Expression): readonly string[] | null {
  if (ts.isIdentifier(node)) return node.text === 'client' ? [] : null;
  if (ts.isPropertyAccessExpression(node)) {
    if (node.name.text === 'client') return [];
    const before = pathOf(node.expression);
    return before === null ? null : [...before, node.name.text];
  }
  if (!ts.isElementAccessExpression(node)) return null;
  const before = pathOf(node.expression);
  return before === null ? null : [...before, '*'];
}

function missingIn(folder: string): string[] {
  const called = new Set(sourcesOf(folder).flatMap(calledIn));
  return PROCEDURES.filter((name) => !called.has(name));
}

describe('the contract', () => {
  it('is found whole', () => expect(PROCEDURES).toEqual(expect.arrayContaining(['live', 'watches.add', 'drill.run'])));

  it('is used by the window, but for what has an excuse', () =>
    expect(missingIn('renderer').toSorted()).toEqual(Object.keys(NOT_IN_THE_WINDOW).toSorted()));

  it('is used by the command line, but for what has an excuse', () =>
    expect(missingIn('cli').toSorted()).toEqual(Object.keys(NOT_ON_THE_COMMAND_LINE).toSorted()));

  it('would miss what nobody asks for', () => expect(missingIn('preload')).toEqual(PROCEDURES));
});
