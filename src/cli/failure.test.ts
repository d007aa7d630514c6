import { ORPCError } from '@orpc/client';
import { expect, it } from 'vitest';
import { describeFailure, EXIT } from './failure';

const refused = (message: string) => describeFailure(new ORPCError('CONFLICT', { message })).message;

it.each([
  [
    'Expected a name that is not in use; "web" is watched already',
    'expected a name that is not in use; "web" is watched already',
  ],
  ['No process 7 with that start time is running any more', 'no process 7 with that start time is running any more'],
  [
    'Process 7 has ended since it was shown; nothing was done',
    'process 7 has ended since it was shown; nothing was done',
  ],
  ['The pattern matches pid 1 (init)', 'the pattern matches pid 1 (init)'],
])('a sentence of the engine follows the name of the program: %s', (message, reported) => {
  expect(refused(message)).toBe(reported);
});

it('keeps the name of a watch, a setting and a proper noun as they are', () => {
  for (const message of ['Web could not be started: no', 'DB-1 is in no cooldown', 'mail.host: expected'])
    expect(refused(message)).toBe(message);
});

it('reports input that the engine refused as wrong usage', () => {
  expect(describeFailure(new ORPCError('BAD_REQUEST', { message: 'spec.name: expected 1' }))).toEqual({
    ...{ message: 'name: expected 1', exitCode: EXIT.usage },
  });
});
