import { describe, expect, it } from 'vitest';
import { findByReference } from './watch-reference';

const one = { watch: { id: 'a', name: 'b' } };
const other = { watch: { id: 'b', name: 'c' } };

describe('a watch', () => {
  it('is found by its id or its name, and none by another word', () => {
    expect(findByReference([one, other], 'a')).toBe(one);
    expect(findByReference([one, other], 'c')).toBe(other);
    expect(findByReference(new Set([one, other]), 'web')).toBeUndefined();
  });

  it('is meant by its id rather than another one by its name', () => {
    expect(findByReference([one, other], 'b')).toBe(other);
  });
});
