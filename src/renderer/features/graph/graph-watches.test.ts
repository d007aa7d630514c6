import { describe, expect, it } from 'vitest';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { dependentWatches } from '../../testing/dependent-watches';
import { watchOf, watchStatus } from '../../testing/samples';
import { graphOf } from './graph-model';
import { graphWatches } from './graph-watches';
import { proposalsOf } from './proposals';

const WEB = watchOf('web', { name: 'web', instances: { min: 2, max: 4, count: 2 } });

function member(number: number, phase: WatchStatus['phase']): WatchStatus {
  const name = `web#${number}`;
  const id = number === 1 ? 'web' : name;
  return { ...watchStatus({ id, phase }), watch: watchOf(id, { name }), instance: { of: WEB, number } };
}

describe('a watch with instances', () => {
  const watches = graphWatches([
    ...dependentWatches({ api: 'web', db: '' }),
    member(1, 'running'),
    member(2, 'failed'),
  ]);

  it('is one node, in the state of the instance that needs a look first', () => {
    const { nodes, edges } = graphOf(watches.values());
    expect(nodes.map(({ status }) => status.watch.name)).toEqual(['web', 'api', 'db']);
    expect(watches.get('web')).toMatchObject({ watch: WEB, phase: 'failed' });
    expect(edges.map(({ id }) => id)).toEqual(['web api']);
  });

  it('is meant where sockets show one of its instances, and never depends on itself', () => {
    const seen = (from: string, to: string) => ({ from, to, evidence: [], times: 1, firstAt: 0, lastAt: 0 });
    const proposals = proposalsOf([...watches.values()], [seen('web#2', 'db'), seen('web#1', 'web#2')]);
    expect(proposals.map(({ dependent, dependency }) => [dependent.watch.name, dependency.watch.name])).toEqual([
      ['web', 'db'],
    ]);
  });
});
