import { describe, expect, it } from 'vitest';
import type { SeenEdge } from '../../store/observed';
import { dependentWatches } from '../../testing/dependent-watches';
import { changesFor, proposalsOf, refusalOf, withDependency, withoutDependency } from './proposals';

const seen = (text: string): SeenEdge => {
  const [from = '', to = ''] = text.split(' ');
  return { from, to, evidence: [], times: 1, firstAt: 0, lastAt: 0 };
};
const verdicts = (after: Readonly<Record<string, string>>, ...edges: readonly string[]) =>
  proposalsOf(dependentWatches(after), edges.map(seen)).map(
    ({ dependent, dependency, verdict }) => `${dependent.watch.name} ${dependency.watch.name}: ${verdict.kind}`,
  );

describe('what sockets show', () => {
  it('can be accepted where it is not declared yet', () => {
    const after = { web: 'api', api: '', db: '' };
    expect(verdicts(after, 'web api', 'api db')).toEqual(['web api: declared', 'api db: open']);
  });

  it('can not be accepted where it would make a cycle, in the words of the engine', () => {
    const [proposal] = proposalsOf(dependentWatches({ web: 'api', api: 'db', db: '' }), [seen('db web')]);
    expect(proposal?.verdict).toEqual({
      kind: 'refused',
      reason:
        'Expected starts without a cycle, but web waits for api, which waits for db, which waits for web: none of them could ever start',
    });
  });

  it('is in conflict where two were seen that exclude each other', () => {
    const after = { web: '', api: '', db: '' };
    expect(verdicts(after, 'web api', 'api web', 'api db')).toEqual([
      'web api: conflicting',
      'api web: conflicting',
      'api db: open',
    ]);
  });

  it('is left out where a watch is gone, and knows names in any case', () => {
    expect(verdicts({ web: 'API', api: '' }, 'WEB api', 'web gone')).toEqual(['web api: declared']);
  });

  it('can not be accepted by a watch that waits for as many as it may', () => {
    const others = Array.from({ length: 32 }, (_, index) => `w${index}`);
    const after = { web: others.join(' '), db: '', ...Object.fromEntries(others.map((name) => [name, ''])) };
    expect(verdicts(after, 'web db')).toEqual(['web db: refused']);
  });

  it('changes each watch once, however much of it is accepted', () => {
    const proposals = proposalsOf(dependentWatches({ web: 'log:started', api: '', db: '', log: '' }), [
      seen('web api'),
      seen('web db'),
      seen('api db'),
    ]);
    expect(changesFor(proposals).map(({ shown, after }) => [shown.watch.name, after])).toEqual([
      [
        'web',
        [
          { watch: 'log', until: 'started', restart: false },
          { watch: 'api', until: 'ready', restart: false },
          { watch: 'db', until: 'ready', restart: false },
        ],
      ],
      ['api', [{ watch: 'db', until: 'ready', restart: false }]],
    ]);
  });
});

describe('an edit of one dependency', () => {
  const extended = { watch: 'db', until: 'ready', restart: true } as const;
  const log = { watch: 'log', until: 'started', restart: false } as const;

  it('keeps all that it does not change', () => {
    expect(withDependency({ after: [extended, log] }, 'DB', 'started')).toEqual([
      { watch: 'db', until: 'started', restart: true },
      log,
    ]);
    expect(withoutDependency({ after: [extended, log] }, 'Log')).toEqual([extended]);
  });

  it('is refused for a watch that would wait for itself', () => {
    const watches = dependentWatches({ web: 'api', api: '' });
    expect(refusalOf(watches, watches[1]!, 'web')).toMatch(/^Expected starts without a cycle/);
    expect(refusalOf(watches, watches[0]!, 'web')).toMatch(/web waits for web/);
    expect(refusalOf(watches, watches[0]!, 'api')).toBeNull();
  });
});
