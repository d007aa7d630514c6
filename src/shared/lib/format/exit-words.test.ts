import { describe, expect, it } from 'vitest';
import { describeExit } from './exit-words';

describe('an exit in words', () => {
  it.each([
    [{ exitCode: null, signal: 'SIGSEGV' }, 'SIGSEGV'],
    [{ exitCode: 1, signal: null }, 'exit code 1'],
    [{ exitCode: 137, signal: null }, 'exit code 137, as a shell reports SIGKILL'],
    [{ exitCode: 127, signal: null }, 'exit code 127, as a shell reports a command that was not found'],
    [{ exitCode: 126, signal: null }, "exit code 126, as a shell reports a command that can't be executed"],
    [{ exitCode: 78, signal: null }, 'exit code 78, by convention a configuration error'],
    [{ exitCode: null, signal: null }, 'exit code unknown'],
    [null, 'exit code unknown'],
  ])('%j: %s', (exit, words) => {
    expect(describeExit(exit)).toBe(words);
  });

  it('gives no meaning to a code that has none by convention', () => {
    const others = [0, 1, 2, 3, 63, 79, 125, 128, 133, 200, 255];
    expect(others.map((exitCode) => describeExit({ exitCode, signal: null }))).toEqual(
      others.map((exitCode) => `exit code ${exitCode}`),
    );
  });
});
