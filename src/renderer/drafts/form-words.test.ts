import { describe, expect, it } from 'vitest';
import { inFormWords } from './form-words';

describe('the words of an error at its field', () => {
  it.each([
    [
      'command.argvText',
      'expected a program to run, as in: -- node server.mjs',
      'Enter the command to run, e.g. node server.mjs',
    ],
    [
      'command.cwd',
      'expected an absolute directory, as in /srv/app',
      'Enter the whole path of a directory, e.g. /srv/app or ~/app',
    ],
    [
      'command.argvText',
      "expected a closing ' for the one at character 6",
      "Enter a closing ' for the one at character 6",
    ],
    [
      'command.argvText',
      'There is no program "nod" on PATH (/usr/bin:/bin). Give its full path, or set PATH for this watch.',
      'No program "nod" was found. Enter its whole path, or set PATH in its environment.',
    ],
    [
      'command.cwd',
      'The working directory "/srv/x" does not exist. Create it, or edit the watch and give another working directory.',
      'The working directory "/srv/x" does not exist. Create it, or enter another directory.',
    ],
    ['name', 'Expected a name that is not in use; "web" is watched already', '"web" is in use. Enter another name.'],
    ['overrides.cpu_limitPercent', 'expected a number from 1 to 100', 'Enter a number from 1 to 100'],
    ['pattern', 'the pidfile can be written by anyone', 'The pidfile can be written by anyone'],
  ])('at %s: %s', (field, message, words) => expect(inFormWords(field, message, false)).toBe(words));

  it('ask for what is missing', () => {
    expect(inFormWords('name', 'expected 1 to 64 letters', true)).toBe('Enter a name, e.g. web');
    expect(inFormWords('name', 'expected 1 to 64 letters', false)).toBe('Enter 1 to 64 letters');
  });
});
