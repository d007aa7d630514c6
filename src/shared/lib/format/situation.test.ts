import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Readiness, WatchPhase, WatchStatus } from '../../model/snapshot';
import { isDown, situationOf, situationText, situationTitle } from './situation';
import { STANDINGS } from './standing';

type Facts = Partial<Pick<WatchStatus, 'readiness' | 'nextAttemptAt' | 'cause'>>;

function status(name: string, phase: WatchPhase, facts: Facts = {}, schedule: object | null = null): WatchStatus {
  return {
    ...{
      watch: { id: name, name, schedule, groups: [], target: { kind: 'command' } },
      phase,
      readiness: null,
      nextAttemptAt: null,
      cause: null,
    },
    ...facts,
  } as unknown as WatchStatus;
}
const running = (count: number) => Array.from({ length: count }, (_, at) => status(`r${at}`, 'running'));
const served = (name: string, readiness: Readiness) => status(name, 'running', { readiness });

describe('the situation', () => {
  it.each([
    [[], 'Nothing is watched yet', 'idle'],
    [running(1), '1 running', 'well'],
    [[...running(12), status('api', 'backoff')], 'api is restarting · 12 running', 'troubled'],
    [[status('api', 'backoff'), status('db', 'failed')], 'db is down · api is restarting', 'down'],
    [[...running(2), status('old', 'stopped')], '2 running · 1 stopped', 'well'],
    [[...running(1), status('a', 'stopped'), status('b', 'stopped')], '1 running · 2 stopped', 'idle'],
    [[status('old', 'stopped')], '1 stopped', 'idle'],
    [[...running(1), status('q', 'waiting')], '1 running · 1 waiting', 'busy'],
    [['a', 'b', 'c', 'd', 'e'].map((name) => status(name, 'failed')), '5 down: a, b, c and 2 others', 'down'],
    [[...running(1), served('db', 'lost')], 'db is not ready · 1 running', 'troubled'],
    [[...running(1), served('db', 'awaited')], '1 running · 1 not ready yet', 'busy'],
    [[served('db', 'ready')], '1 running', 'well'],
    [[status('web', 'stopped', { cause: 'crashed (exit code 1)' })], 'web is down', 'down'],
  ] as const)('%#', (watches, text, level) => {
    const situation = situationOf(watches);
    expect(situationText(situation)).toBe(text);
    expect(situation.level).toBe(level);
  });

  it('counts down to the next try of those that are down, only where there is a clock', () => {
    const watches = [
      ...running(12),
      status('web2', 'cooldown', { nextAttemptAt: 40_000 }),
      status('api', 'cooldown', { nextAttemptAt: 29_000 }),
      status('db', 'backoff', { nextAttemptAt: 11_000 }),
    ];
    const situation = situationOf(watches);
    expect(situationText(situation, 10_000)).toBe(
      '2 down: api, web2 · next try in 0:19 · db is restarting · 12 running',
    );
    expect(situationText(situation)).toBe('2 down: api, web2 · db is restarting · 12 running');
  });

  it('is bad where a program runs that must not, and never takes it for one that is down', () => {
    const forbidden = (phase: WatchPhase): WatchStatus => {
      const made = status('miner', phase, { cause: 'was found 14 times' });
      return { ...made, watch: { ...made.watch, target: { kind: 'forbidden' } } } as WatchStatus;
    };
    const present = situationOf([...running(1), forbidden('present')]);
    expect(present.level).toBe('down');
    expect(situationText(present)).toBe('miner is running although it must not · 1 running');
    expect(situationText(situationOf([forbidden('cooldown')]))).toBe('miner is in cooldown');
    expect(situationOf([forbidden('absent')])).toMatchObject({ level: 'well', rest: ['1 absent, as it must be'] });
  });

  it('takes a job whose run has failed for no program that is down', () => {
    const start = { cron: '0 3 * * *', timeZone: null };
    expect(isDown(status('backup', 'stopped', { cause: 'crashed (exit code 1)' }, { start }))).toBe(false);
  });

  it('is not well while the machine is in distress, and says so after what is down', () => {
    const full = {
      kind: 'disk_space',
      subject: '/',
      severity: 'high',
      sinceAt: 0,
      incident: 1,
      detail: 'Disk / is full',
    } as const;
    expect(situationOf(running(3), [full])).toMatchObject({ level: 'troubled' });
    expect(situationText(situationOf(running(3), [full]))).toBe('Disk / is full · 3 running');
    expect(situationOf([status('api', 'failed')], [full]).level).toBe('down');
    expect(situationTitle(situationOf(running(3), [full]))).toBe('(machine in distress) Healdeck');
    expect(situationTitle(situationOf([status('api', 'failed'), status('web', 'backoff')], [full]))).toBe(
      '(1 down) Healdeck',
    );
    expect(situationTitle(situationOf([status('web', 'backoff')]))).toBe('(1 in trouble) Healdeck');
    expect(situationTitle(situationOf(running(3)))).toBe('Healdeck');
    expect(situationText(situationOf([], [full]))).toBe('Disk / is full · Nothing is watched yet');
  });

  it('cuts a name that would fill the screen', () => {
    expect(situationText(situationOf([status('x'.repeat(4000), 'failed')]))).toBe(`${'x'.repeat(39)}… is down`);
  });

  it('has each watch once', () => {
    const phases = STANDINGS.filter(
      (standing): standing is WatchPhase => standing !== 'lost' && standing !== 'awaited',
    );
    const one = fc.record({ phase: fc.constantFrom(...phases), cause: fc.constantFrom(null, 'crashed') });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (all) => {
        const { troubles, rest } = situationOf(all.map(({ phase, cause }, at) => status(`w${at}`, phase, { cause })));
        const counted = rest.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
        expect(troubles.reduce((sum, { those }) => sum + those.length, counted)).toBe(all.length);
      }),
    );
  });
});
