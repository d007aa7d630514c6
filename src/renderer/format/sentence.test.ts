import { describe, expect, it } from 'vitest';
import { sentence } from './sentence';

describe('a sentence', () => {
  it.each([
    ['it started Healdeck', 'It started Healdeck.'],
    ['It is done.', 'It is done.'],
    ['', ''],
  ])('%j', (clause, text) => expect(sentence(clause)).toBe(text));
});
