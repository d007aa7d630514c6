import { afterEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/model/settings';
import { AlertsBench, WEB } from './testing/alerts-bench';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let bench: AlertsBench;
afterEach(() => {
  bench.alerts.dispose();
  expect(bench.clock.pending).toBe(0);
  expect(bench.reported).toEqual([]);
});

/** A time of the calendar as the settings write it: local, from now on by so much. */
function window(fromMs: number, forMs: number): string {
  const local = (ms: number): string => new Date(bench.clock.wallMs() + ms).toLocaleString('sv-SE').slice(0, 16);
  return `${local(fromMs)}/${local(fromMs + forMs)}`.replaceAll(' ', 'T');
}

/** Times of the day around now, so that quiet hours begin with this minute. */
function hours(forMs: number): string {
  const time = (ms: number): string => new Date(bench.clock.wallMs() + ms).toLocaleString('sv-SE').slice(11, 16);
  return `${time(0)}-${time(forMs)}`;
}

function set(settings: Partial<Settings>): void {
  bench.engine.settings.set(settings, 'cli');
}

describe('a snooze', () => {
  it('of a watch holds its alerts until it ends, also over a restart, and no others', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    const { id } = await bench.alerts.mutes.snooze({ watch: 'web', incident: null, forMs: HOUR });
    bench.crash();
    bench.crash('other');
    await bench.clock.advance(30 * MINUTE);
    bench.restart();
    await bench.clock.advance(20 * MINUTE);
    expect(bench.mails).toEqual(['incident other 1']);
    expect(bench.alerts.status()).toMatchObject({ held: 1, mutes: [{ id, kind: 'snoozed' }] });
    bench.crash();
    await bench.clock.advance(11 * MINUTE);
    expect(bench.mails).toEqual(['incident other 1', 'digest web 2']);
    expect(bench.alerts.status()).toMatchObject({ held: 0, mutes: [] });
  });

  it('of an incident until it is resolved tells it once, as what it is by then', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    await bench.alerts.mutes.snooze({ watch: null, incident, forMs: null });
    for (let i = 0; i < 5; i += 1) {
      await bench.clock.advance(10 * MINUTE);
      bench.happens('restarted', { incident });
    }
    expect(bench.mails).toEqual([]);
    bench.happens('recovered', { incident });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['recovery web 7']);
    expect(bench.alerts.status().mutes).toEqual([]);
  });

  it('of an incident ends also when it is given up', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    await bench.alerts.mutes.snooze({ watch: null, incident, forMs: null });
    await bench.clock.advance(HOUR);
    bench.happens('restart_failed', { incident, data: { nextAttemptInMs: null } });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident web 2']);
  });

  it('of all lets critical alerts through, unless the setting says otherwise; of a watch it does not', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    await bench.alerts.mutes.snooze({ watch: null, incident: null, forMs: HOUR });
    bench.crash('calm');
    bench.happens('cooldown_started', { watch: 'other', incident: 'opens' });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident other 1']);
    const { id } = await bench.alerts.mutes.snooze({ watch: 'web', incident: null, forMs: HOUR });
    bench.happens('cooldown_started', { incident: 'opens' });
    set({ 'alerts.criticalBreaksThrough': false });
    bench.happens('cooldown_started', { watch: 'other', incident: 'opens' });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident other 1']);
    expect(await bench.alerts.mutes.unmute(id)).toEqual({ ended: 1 });
    await expect(bench.alerts.mutes.unmute(id)).rejects.toThrow('No mute has the number');
    expect(await bench.alerts.mutes.unmute(null)).toEqual({ ended: 1 });
    await bench.clock.advance(MINUTE);
    expect(bench.mails.at(-1)).toBe('digest all 3');
  });

  it('is refused for a watch that is not there', async () => {
    bench = new AlertsBench();
    await expect(bench.alerts.mutes.snooze({ watch: 'nobody', incident: null, forMs: HOUR })).rejects.toThrow(
      'No watch is called',
    );
    await expect(bench.alerts.mutes.snooze({ watch: null, incident: 7, forMs: HOUR })).resolves.toMatchObject({
      incident: 7,
    });
  });
});

describe('an acknowledged incident', () => {
  it('says nothing more, also what waited, until it is over', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    await bench.clock.advance(MINUTE);
    bench.happens('restarted', { incident });
    await bench.alerts.mutes.acknowledge(incident);
    bench.happens('cooldown_started', { incident });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident web 1']);
    expect(bench.outbox.items.map(({ suppressed }) => suppressed)).toEqual([null, 'acknowledged', 'acknowledged']);
    expect(await bench.alerts.mutes.acknowledge(incident)).toMatchObject({ id: 1 });
    bench.restart();
    bench.happens('restart_failed', { incident, data: { nextAttemptInMs: null } });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident web 1', 'update web 1']);
  });
});

describe('quiet hours', () => {
  it('hold all but what is critical, and end with one digest', async () => {
    bench = new AlertsBench();
    set({ 'alerts.quietHours': [hours(8 * HOUR)] });
    for (let i = 0; i < 3; i += 1) {
      bench.crash(`watch-${i}`);
      await bench.clock.advance(HOUR);
    }
    expect(bench.alerts.status().quietUntil).toBeGreaterThan(bench.clock.wallMs());
    bench.happens('cooldown_started', { watch: 'watch-1', incident: 'opens' });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident watch-1 1']);
    await bench.clock.advance(5 * HOUR);
    expect(bench.mails).toEqual(['incident watch-1 1', 'digest all 3']);
    expect(bench.alerts.status().quietUntil).toBeNull();
  });

  it('end when the wall clock says so, also when it was set', async () => {
    bench = new AlertsBench();
    set({ 'alerts.quietHours': [hours(8 * HOUR)] });
    bench.crash();
    await bench.clock.advance(5 * MINUTE);
    bench.clock.jumpWall(9 * HOUR);
    await bench.clock.advance(2 * MINUTE);
    expect(bench.mails).toEqual(['incident web 1']);
  });
});

describe('maintenance', () => {
  it('keeps alerts back for good, and the next message says how many', async () => {
    bench = new AlertsBench();
    set({ 'alerts.maintenance': [window(0, HOUR)] });
    bench.crash();
    bench.happens('cooldown_started', { incident: 'opens' });
    await bench.clock.advance(2 * HOUR);
    expect(bench.mails).toEqual([]);
    expect(bench.alerts.status().held).toBe(0);
    bench.restart();
    bench.crash();
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident web 1']);
    expect(bench.composer.composed.at(-1)?.suppressed).toBe(2);
    bench.crash('other');
    await bench.clock.advance(MINUTE);
    expect(bench.composer.composed.at(-1)?.suppressed).toBe(0);
    expect(bench.outbox.items.map(({ message }) => message)).toEqual([1, 1, 1, 2]);
  });

  it('of one watch concerns no other', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    const settings = { ...bench.engine.settings.inForce(), 'alerts.maintenance': [window(0, HOUR)] };
    bench.engine.change('web', { settings });
    bench.crash();
    bench.crash('other');
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident other 1']);
  });

  it('delays how a story ends that was told before, so that each is told to its end', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    await bench.clock.advance(MINUTE);
    set({ 'alerts.maintenance': [window(0, HOUR)] });
    bench.happens('restarted', { incident });
    bench.happens('recovered', { incident });
    await bench.clock.advance(30 * MINUTE);
    expect(bench.mails).toEqual(['incident web 1']);
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident web 1', 'recovery web 1']);
  });

  it('of which what begins in it and goes on after it is reported in time', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    const settings = { ...bench.engine.settings.inForce(), 'alerts.maintenance': [window(0, HOUR)] };
    const incident = bench.crash();
    bench.engine.change('web', { incident, settings });
    await bench.clock.advance(6 * HOUR);
    expect(bench.mails).toEqual(['reminder web 0']);
    bench.happens('recovered', { incident });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['reminder web 0', 'recovery web 1']);
  });
});
