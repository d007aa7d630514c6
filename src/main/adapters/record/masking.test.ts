import { describe, expect, it } from 'vitest';
import { FakeOutputFiles } from '../../engine/testing/fake-stores';
import type { HealdeckEvent } from '../../../shared/model/event';
import { CurrentMask, maskEvents, maskTails } from './masking';
import { command, watchOf } from '../testing/children';

describe('what programs wrote, as events tell it', () => {
  const watch = watchOf('web', command(['x']));

  it('holds no secret that is known at the time', () => {
    let secrets = ['canary-one'];
    const output = new FakeOutputFiles();
    const current = new CurrentMask(() => secrets);
    const masked = maskTails(output, (text) => current.mask(text));
    expect(masked.tail(watch, 'err', 40, null)).toEqual([]);
    output.lines.set('web', ['login canary-one', 'login canary-two', 'fine']);
    expect(masked.tail(watch, 'err', 40, null)).toEqual(['login •••', 'login canary-two', 'fine']);
    secrets = ['canary-two'];
    expect(masked.tail(watch, 'err', 2, null)).toEqual(['login •••', 'fine']);
  });

  it('holds no secret in what was written since a moment', () => {
    const output = new FakeOutputFiles();
    const current = new CurrentMask(() => ['canary-one']);
    const masked = maskTails(output, (text) => current.mask(text));
    const from = masked.end(watch, 'err');
    output.lines.set('web', ['login canary-one', 'fine']);
    expect(masked.since(watch, 'err', from, 1000)).toEqual({ text: 'login •••\nfine', truncated: false });
  });

  it('follows a watch to its new name', () => {
    const output = new FakeOutputFiles();
    output.lines.set('web', ['x']);
    maskTails(output, (text) => text).rename('web', 'site');
    expect(output.lines.get('site')).toEqual(['x']);
  });
});

describe('events that an earlier Healdeck wrote', () => {
  it('are read with masked arguments', async () => {
    const base = {
      id: 1,
      at: '2026-01-01T00:00:00.000Z',
      severity: 'info',
      watch: 'web',
      pid: 7,
      incident: null,
    } as const;
    const process = { name: 'x', argv: ['x', '--pin', '1'], user: 'ada', startTime: 1 };
    const written: readonly HealdeckEvent[] = [
      { ...base, type: 'started', message: 'm', data: { actor: 'cli', argv: ['x', '--password=canary'], cwd: '/' } },
      { ...base, type: 'stopped', message: 'm', data: { actor: 'cli', pids: [], forced: [], process } },
      { ...base, type: 'notice', message: 'm', data: { topic: 't', detail: 'd' } },
    ];
    const read = () => Promise.resolve(written);
    const events = maskEvents({ listEvents: read, listIncidentEvents: read }, () => ['pin']);
    const shown = await events.listEvents({ limit: 10 });
    expect(shown.slice(0, 2)).toMatchObject([
      { data: { argv: ['x', '--password=•••'] } },
      { data: { process: { argv: ['x', '--pin', '•••'] } } },
    ]);
    expect(shown[2]).toBe(written[2]);
    expect(await events.listIncidentEvents({ limit: 10 })).toEqual(shown);
  });
});
