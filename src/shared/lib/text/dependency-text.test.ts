import { expect, test } from 'vitest';
import { dependencyText, parseDependency } from './dependency-text';

test.each([
  ['db', { watch: 'db', until: 'ready', restart: false }],
  [' my db : started ', { watch: 'my db', until: 'started', restart: false }],
  ['migrate:completed', { watch: 'migrate', until: 'completed', restart: false }],
  ['db:restart', { watch: 'db', until: 'ready', restart: true }],
  ['db:ready:restart', { watch: 'db', until: 'ready', restart: true }],
  ['db : started : restart', { watch: 'db', until: 'started', restart: true }],
] as const)('%j is a dependency', (text, dependency) => {
  expect(parseDependency(text)).toEqual(dependency);
  expect(parseDependency(dependencyText(dependency))).toEqual(dependency);
});

test.each(['', ':ready', 'db:', 'db:healthy', 'db:ready:now', 'db:restart:ready', 'migrate:completed:restart'])(
  '%j is none',
  (text) => {
    expect(parseDependency(text)).toBeNull();
  },
);
