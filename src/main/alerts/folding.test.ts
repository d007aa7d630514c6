import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchSpecSchema } from '../../shared/model/watch';
import { AlertsBench } from './testing/alerts-bench';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let bench: AlertsBench;

beforeEach(async () => {
  bench = new AlertsBench();
  await add('db');
  await add('api', 'db');
});
afterEach(() => {
  bench.alerts.dispose();
  expect(bench.reported).toEqual([]);
  expect(bench.clock.pending).toBe(0);
});

async function add(name: string, after?: string): Promise<void> {
  const target = { kind: 'command', command: { argv: [name], cwd: '/' } };
  const spec = watchSpecSchema.parse({ name, target, after: after === undefined ? [] : [{ watch: after }] });
  await bench.engine.watches.add(spec, 'cli');
}

function crash(watch: string): number {
  const incident = bench.crash(watch);
  bench.engine.change(watch, { incident });
  return incident;
}

function recover(watch: string, incident: number): void {
  bench.engine.change(watch, { incident: null });
  bench.happens('recovered', { watch, incident });
}

function attribute(watch: string, incident: number, cause: { watch: string; incident: number }): void {
  bench.happens('incident_attributed', { watch, incident, data: { cause } });
  bench.happens('dependant_affected', { watch: cause.watch, incident: cause.incident, data: { watch, incident } });
}

/** The database dies, and the API with it. */
function bothCrash(): { db: number; api: number } {
  const db = crash('db');
  const api = crash('api');
  attribute('api', api, { watch: 'db', incident: db });
  return { db, api };
}

const suppressed = () => bench.outbox.items.map(({ suppressed }) => suppressed);
const holds = () => bench.alerts.status().holds.map(({ reason }) => reason);

describe('the alerts of an incident that another has led to', () => {
  it('are left to those about its cause, which name it', async () => {
    const { db, api } = bothCrash();
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1']);
    expect(holds()).toEqual(['folded']);
    recover('api', api);
    await bench.clock.advance(MINUTE);
    recover('db', db);
    await bench.clock.advance(24 * HOUR);
    expect(bench.mails).toEqual(['incident db 1', 'recovery db 1']);
    expect(bench.composer.composed.at(-1)?.incident?.affects).toEqual([{ watch: 'api', incident: api }]);
    expect(suppressed()).toEqual([null, 'folded', 'folded', null]);
    expect(bench.alerts.status().held).toBe(0);
  });

  it('are left to them also where it was noticed first', async () => {
    bench.restart();
    const api = crash('api');
    await bench.clock.advance(300);
    const db = crash('db');
    attribute('api', api, { watch: 'db', incident: db });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1']);
  });

  it('are left to them also where nothing is collected', async () => {
    bench.engine.settings.set({ 'alerts.settleMs': 0 }, 'cli');
    const api = crash('api');
    await bench.clock.advance(300);
    const db = crash('db');
    attribute('api', api, { watch: 'db', incident: db });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1']);
  });

  it('are sent once the cause has been over for a while, and it is not', async () => {
    const { db, api } = bothCrash();
    await bench.clock.advance(MINUTE);
    recover('db', db);
    await bench.clock.advance(35_000);
    expect(bench.mails).toEqual(['incident db 1', 'recovery db 1']);
    expect(holds()).toEqual(['folded']);
    await bench.clock.advance(10_000);
    expect(bench.mails.at(-1)).toBe('incident api 1');
    recover('api', api);
    await bench.clock.advance(MINUTE);
    expect(bench.mails.at(-1)).toBe('recovery api 1');
  });

  it('are sent where the cause was given up, or nobody goes on with it', async () => {
    const { db } = bothCrash();
    await bench.clock.advance(MINUTE);
    bench.engine.change('db', { incident: null, phase: 'failed' });
    bench.happens('restart_failed', { watch: 'db', incident: db, data: { nextAttemptInMs: null } });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1', 'update db 1', 'incident api 1']);
  });

  it('are sent where the watch of the cause is removed', async () => {
    bothCrash();
    await bench.clock.advance(MINUTE);
    bench.engine.change('db', { incident: null });
    bench.happens('notice', { watch: null });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toContain('incident api 1');
  });

  it('are sent at once where it is critical, or was given up itself', async () => {
    const { api } = bothCrash();
    await bench.clock.advance(MINUTE);
    bench.happens('cooldown_started', { watch: 'api', incident: api });
    await bench.clock.advance(1000);
    expect(bench.mails).toEqual(['incident db 1', 'incident api 2']);
    recover('api', api);
    await bench.clock.advance(MINUTE);
    expect(bench.mails.at(-1)).toBe('recovery api 1');
  });

  it('are its own where it was reported before its cause was found', async () => {
    const api = crash('api');
    await bench.clock.advance(10_000);
    const db = crash('db');
    attribute('api', api, { watch: 'db', incident: db });
    recover('api', api);
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident api 1', 'recovery api 1', 'incident db 1']);
  });

  it('are sent to those whom the cause is not reported to', async () => {
    bench.engine.settings.set({ 'alerts.minSeverity': 'critical' }, 'cli');
    const db = crash('db');
    bench.engine.settings.set({ 'alerts.minSeverity': 'warning' }, 'cli');
    await bench.clock.advance(0);
    bench.engine.change('db', { incident: db });
    const api = crash('api');
    attribute('api', api, { watch: 'db', incident: 4711 });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toContain('incident api 1');
  });

  it('are sent where the cause is acknowledged before it was reported, however short it was', async () => {
    const { db, api } = bothCrash();
    recover('api', api);
    await bench.clock.advance(1000);
    await bench.alerts.mutes.acknowledge(db);
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident api 2']);
  });

  it('wait on under the next engine', async () => {
    const { db, api } = bothCrash();
    await bench.clock.advance(MINUTE);
    bench.restart();
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident db 1']);
    recover('db', db);
    await bench.clock.advance(10_000);
    bench.restart();
    await bench.clock.advance(10_000);
    recover('api', api);
    await bench.clock.advance(24 * HOUR);
    expect(bench.mails).toEqual(['incident db 1', 'recovery db 1']);
  });

  it('are sent when the operator asks for what waits', async () => {
    bothCrash();
    await bench.clock.advance(MINUTE);
    bench.alerts.sendHeld();
    await bench.clock.advance(1000);
    expect(bench.mails).toEqual(['incident db 1', 'incident api 1']);
  });
});

describe('the alert that a program is not ready', () => {
  function loseReadiness(): void {
    bench.engine.change('api', { readiness: 'lost' });
    bench.happens('readiness_lost', { watch: 'api', severity: 'warning' });
  }

  it('is left to those about a watch that it depends on', async () => {
    const db = crash('db');
    loseReadiness();
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1']);
    expect(holds()).toEqual(['folded']);
    recover('db', db);
    bench.engine.change('api', { readiness: 'ready' });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident db 1', 'recovery db 1']);
    expect(suppressed()).toEqual([null, 'folded', null]);
  });

  it('is sent once that has been over for a while, and it is not ready yet', async () => {
    loseReadiness();
    await bench.clock.advance(1000);
    const db = crash('db');
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1']);
    recover('db', db);
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1', 'recovery db 1', 'incident api 1']);
  });

  it('is sent where nothing is wrong with these, or was long before', async () => {
    const db = crash('db');
    recover('db', db);
    await bench.clock.advance(MINUTE);
    loseReadiness();
    await bench.clock.advance(10_000);
    expect(bench.mails).toEqual(['incident db 2', 'incident api 1']);
  });

  it('is sent together with what else happens to it', async () => {
    crash('db');
    loseReadiness();
    bench.happens('limit_exceeded', { watch: 'api' });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident db 1', 'incident api 2']);
  });
});
