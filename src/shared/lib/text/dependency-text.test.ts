import { expect, test } from 'vitest';
import { dependencyText, parseDependency } from './dependency-text';

test.each([
  ['db', { watch: 'db', until: 'ready' }],
  [' my db : started ', { watch: 'my db', until: 'started' }],
  ['migrate:completed', { watch: 'migrate', until: 'completed' }],
] as const)('%j is a dependency', (text, dependency) => {
  expect(parseDependency(text)).toEqual(dependency);
  expect(parseDependency(dependencyText(dependency))).toEqual(dependency);
});

test.each(['', ':ready', 'db:', 'db:healthy', 'db:ready:now'])('%j is none', (text) => {
  expect(parseDependency(text)).toBeNull();
});
