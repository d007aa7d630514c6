import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './errors';

describe('a failed request', () => {
  it('keeps the words of the engine', () => {
    expect(describeFailure(new ORPCError('CONFLICT', { message: 'the name is in use' }))).toEqual({
      code: 'CONFLICT',
      message: 'the name is in use',
      fields: {},
    });
  });

  it('names the field of each issue', () => {
    const issues = [{ path: ['spec', 'target', { key: 'pattern' }], message: 'expected a pattern' }];
    expect(describeFailure(new ORPCError('BAD_REQUEST', { data: { issues } }))).toMatchObject({
      message: 'expected a pattern',
      fields: { 'spec.target.pattern': 'expected a pattern' },
    });
  });

  it('finds the fields in the words of the engine', () => {
    const message = 'spec.name: expected 1 to 64 letters; spec.target.command.cwd: expected a directory; or so';
    expect(describeFailure(new ORPCError('BAD_REQUEST', { message })).fields).toEqual({
      'spec.name': 'expected 1 to 64 letters',
      'spec.target.command.cwd': 'expected a directory; or so',
    });
  });

  it('says that nobody answered', () => {
    expect(describeFailure(new Error('socket closed'))).toMatchObject({
      code: 'UNREACHABLE',
      message: 'socket closed',
    });
  });
});
