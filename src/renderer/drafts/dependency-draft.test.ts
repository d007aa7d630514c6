import { expect, it } from 'vitest';
import { followsOf, withFollows } from './dependency-draft';

it.each([
  [[], null],
  [['migrate:completed', 'db:healthy'], null],
  [['db', 'migrate:completed'], 'none'],
  [['db:restart', 'cache:started'], 'some'],
  [['db:restart', 'cache:started:restart', 'migrate:completed'], 'all'],
] as const)('of %j a watch follows %j', (after, follows) => {
  expect(followsOf(after)).toBe(follows);
});

it('is all or none of those that can be followed', () => {
  const typed = ['db', 'cache:started:restart', 'migrate:completed', 'what:ever'];
  const followed = ['db:restart', 'cache:started:restart', 'migrate:completed', 'what:ever'];
  expect(withFollows(typed, true)).toEqual(followed);
  expect(withFollows(followed, false)).toEqual(['db', 'cache:started', 'migrate:completed', 'what:ever']);
});
