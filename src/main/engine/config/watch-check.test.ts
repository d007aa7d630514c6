import { describe, expect, it } from 'vitest';
import type { MatchPreview } from '../../../shared/model/process';
import { watchSpecSchema, type WatchSpecInput } from '../../../shared/model/watch';
import type { LaunchFailure } from '../ports';
import { Refusal } from '../refusal';
import { checkName, checkSpec } from './watch-check';

const NOTHING: MatchPreview = { candidates: [], problem: null };
const node = { argv: ['node', 'a.mjs'], cwd: '/srv' };

/** Which part of a watch is refused; null when it is not. */
function refusedPart(
  target: WatchSpecInput['target'],
  { failure = null, preview = NOTHING }: { failure?: LaunchFailure | null; preview?: MatchPreview } = {},
): string | null {
  const spec = watchSpecSchema.parse({ name: 'web', target });
  try {
    checkSpec(spec, { spawner: { check: () => failure }, matchesOf: () => preview, overrides: {} });
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.at?.join('.') ?? 'all of it';
    throw error;
  }
}

describe('a watch that is refused', () => {
  const command = { kind: 'command', command: node } as const;
  const found = { kind: 'match', by: 'pidfile', pattern: '/run/web.pid', start: node } as const;

  it.each([
    ['ENOENT', 'target.command.argv'],
    ['bad_cwd', 'target.command.cwd'],
    ['bad_user', 'target.command.user'],
  ] as const)('for %s says that %s is wrong', (reason, part) => {
    expect(refusedPart(command)).toBeNull();
    expect(refusedPart(command, { failure: { reason, message: 'no' } })).toBe(part);
  });

  it('says the same of a start command', () => {
    expect(refusedPart({ ...found, start: { ...node, cwd: 'srv' } })).toBe('target.start.cwd');
    expect(refusedPart(found, { failure: { reason: 'bad_cwd', message: 'no' } })).toBe('target.start.cwd');
  });

  it('says that its pattern or its name is wrong', () => {
    expect(refusedPart(found, { preview: { candidates: [], problem: 'anyone may write it' } })).toBe('target.pattern');
    const other = { ...watchSpecSchema.parse({ name: 'WEB', target: command }), id: crypto.randomUUID(), revision: 1 };
    expect(() => checkName('web', [other])).toThrow(expect.objectContaining({ at: ['name'] }));
  });
});
