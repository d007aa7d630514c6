import { describe, expect, it } from 'vitest';
import { STANDARD_TASTE, tasteMemory, type ProcessTablePreferences } from './process-table-preferences';
import { createUiStore } from './ui';

function storage(initial: string | null = null) {
  let text = initial;
  return { getItem: () => text, setItem: (_key: string, value: string) => void (text = value) };
}

describe('how somebody likes the process table', () => {
  it('is the same in the next window', () => {
    const kept = storage();
    const preferences: ProcessTablePreferences = {
      mode: 'tree',
      columns: ['name', 'cpu'],
      sort: { column: 'memory', descending: true },
    };
    createUiStore({ processTable: tasteMemory(() => kept) }).viewProcesses({ ...preferences, text: 'not kept' });
    expect(createUiStore({ processTable: tasteMemory(() => kept) }).getState().processView).toMatchObject({
      ...preferences,
      text: '',
    });
  });

  it.each([['no JSON'], ['{"mode":"grid"}'], ['{"mode":"list","columns":["nonsense"],"sort":null}']])(
    'is the standard where %s was kept',
    (text) => expect(tasteMemory(() => storage(text)).read()).toEqual(STANDARD_TASTE),
  );

  it('is forgotten where nothing can be kept', () => {
    const memory = tasteMemory(() => {
      throw new Error('forbidden');
    });
    expect(memory.read()).toEqual(STANDARD_TASTE);
    expect(() => memory.write(STANDARD_TASTE)).not.toThrow();
  });
});
