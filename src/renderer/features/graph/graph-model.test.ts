import { describe, expect, it } from 'vitest';
import { dependentWatches } from '../../testing/dependent-watches';
import { graphOf, noteOf, waitsText } from './graph-model';
import { proposalsOf } from './proposals';

const tiers = { web: 'api', api: 'db:started', db: '', other: '' };

describe('the graph', () => {
  it('has all watches in the order of starts, and who needs them', () => {
    const { nodes, edges } = graphOf(dependentWatches(tiers));
    expect(nodes.map(({ status, neededBy }) => `${status.watch.name} < ${neededBy.join()}`)).toEqual([
      'db < api',
      'api < web',
      'other < ',
      'web < ',
    ]);
    expect(edges.map(({ id, until }) => `${id}: ${until}`)).toEqual(['db api: started', 'api web: ready']);
  });

  it('has one edge for what is declared and observed, and one for what is observed only', () => {
    const watches = dependentWatches(tiers);
    const seen = (from: string, to: string) => ({ from, to, evidence: [], times: 1, firstAt: 0, lastAt: 0 });
    const proposals = proposalsOf(watches, [seen('web', 'api'), seen('other', 'db')]);
    const { edges } = graphOf(watches, proposals);
    expect(edges.map(({ id, until, proposal }) => [id, until, proposal?.verdict.kind])).toEqual([
      ['db api', 'started', undefined],
      ['api web', 'ready', 'declared'],
      ['db other', null, 'open'],
    ]);
  });

  it('of a group has what that touches, too', () => {
    const watches = dependentWatches(tiers).map((status) =>
      status.watch.name === 'web' ? { ...status, watch: { ...status.watch, groups: ['shop'] } } : status,
    );
    const { nodes, edges } = graphOf(watches, [], 'Shop');
    expect(nodes.map(({ status, isOutside }) => [status.watch.name, isOutside])).toEqual([
      ['api', true],
      ['web', false],
    ]);
    expect(edges.map(({ id }) => id)).toEqual(['api web']);
  });

  it('says of each watch what it waits for, and who waits for it', () => {
    const { nodes } = graphOf(dependentWatches(tiers));
    expect(nodes.map(({ status, neededBy }) => waitsText(status, neededBy))).toEqual([
      'starts after nothing; needed by api',
      'starts after db has started; needed by web',
      'starts after nothing',
      'starts after api is ready',
    ]);
  });

  it('says in a node what a start waits for, else its groups', () => {
    const [web] = dependentWatches(tiers);
    const status = { ...web!, watch: { ...web!.watch, groups: ['shop', 'eu'] } };
    expect(noteOf(status)).toBe('shop, eu');
    const reason = 'Waiting for other watches: api is not ready';
    expect(noteOf({ ...status, phase: 'blocked', reason })).toBe('api is not ready');
  });
});
