import { describe, expect, it } from 'vitest';
import { restoreArgv } from './hidden-argv';
import { maskArgv } from './mask-argv';
import { MASK } from './mask-secrets';

const WHOLE = [
  'node',
  'app.mjs',
  '--token',
  'one',
  '--password',
  'two',
  '--db=postgres://ada:three@db/x',
  '--port',
  '80',
];
const SHOWN = maskArgv(WHOLE);

describe('arguments that were shown with hidden parts', () => {
  it('are whole again as they were', () => {
    expect(SHOWN.filter((word) => word.includes(MASK))).toHaveLength(3);
    expect(restoreArgv(SHOWN, WHOLE)).toEqual({ ok: true, argv: WHOLE });
  });

  it('keep what is hidden when something else is changed, removed, added or moved', () => {
    const edited = ['--password', MASK, 'node', '-v', '--token', MASK, '--port', '81'];
    expect(restoreArgv(edited, WHOLE)).toEqual({
      ok: true,
      argv: ['--password', 'two', 'node', '-v', '--token', 'one', '--port', '81'],
    });
  });

  it('take a new value in place of a hidden one', () => {
    const edited = SHOWN.map((word, at) => (at === 3 ? 'new' : word));
    expect(restoreArgv(edited, WHOLE)).toMatchObject({
      ok: true,
      argv: ['node', 'app.mjs', '--token', 'new', '--password', 'two', ...WHOLE.slice(6)],
    });
  });

  it.each([
    ['a word that hides something else', ['node', `--secret=${MASK}`], 1],
    ['a changed word around the hidden part', ['node', `--db=postgres://bob:${MASK}@db/x`], 1],
    ['a hidden word behind another option', ['node', '--pass', MASK], 2],
  ])('are refused with %s', (_name, edited, at) => {
    expect(restoreArgv(edited, WHOLE)).toEqual({ ok: false, at });
  });

  it('are told apart by their order, and not guessed when one is missing', () => {
    const headers = ['curl', '-H', 'Authorization: a1', '-H', 'Authorization: b2'];
    const shown = maskArgv(headers);
    expect(restoreArgv(shown, headers)).toEqual({ ok: true, argv: headers });
    expect(restoreArgv(shown.slice(0, 3), headers)).toEqual({ ok: false, at: 2 });
    const same = ['curl', '-H', 'Authorization: a1', '-H', 'Authorization: a1'];
    expect(restoreArgv(maskArgv(same).slice(0, 3), same)).toEqual({ ok: true, argv: same.slice(0, 3) });
  });

  it('have nothing to be restored where nothing is hidden', () => {
    expect(restoreArgv(['a', 'b'], [])).toEqual({ ok: true, argv: ['a', 'b'] });
  });
});
