import { afterEach, describe, expect, it } from 'vitest';
import { AlertsBench, WEB } from './testing/alerts-bench';
import { FakeChannel, NO_SUCH_RECIPIENT, SERVER_DOWN, WRONG_PASSWORD } from './testing/fake-channel';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let bench: AlertsBench;
afterEach(() => {
  bench.alerts.dispose();
  expect(bench.clock.pending).toBe(0);
  expect(bench.reported).toEqual([]);
});

describe('an incident', () => {
  it('is one message with what was done about it, and another when it is over, in one thread', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    await bench.clock.advance(100);
    bench.happens('restarted', { incident });
    await bench.clock.advance(5000);
    expect(bench.mails).toEqual(['incident web 2']);
    await bench.clock.advance(5000);
    bench.happens('recovered', { incident });
    await bench.clock.advance(100);
    expect(bench.mails).toEqual(['incident web 2', 'recovery web 1']);
    const [first, reply] = bench.mail.delivered;
    expect(first).toMatchObject({ messageId: '<healdeck.1@kiosk-3>', inReplyTo: null, references: [], incident });
    expect(reply).toMatchObject({ inReplyTo: first?.messageId, references: [first?.messageId] });
    expect(bench.composer.composed[1]?.incident).toMatchObject({ outcome: 'recovered', durationMs: 10_000 });
  });

  it('that is over before it was told is one message', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    bench.happens('recovered', { incident });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident web 2']);
  });

  it('that goes on is reported in groups', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    await bench.clock.advance(4000);
    for (let i = 0; i < 5; i += 1) {
      bench.happens('restarted', { incident });
      await bench.clock.advance(2000);
    }
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident web 1', 'update web 5']);
  });

  it('that goes on after its recovery is reported in its thread, and at once where it is critical again', async () => {
    bench = new AlertsBench({ 'alerts.perWatchPerHour': 3 });
    const incident = bench.crash();
    await bench.clock.advance(5000);
    bench.happens('cooldown_started', { incident, severity: 'critical' });
    await bench.clock.advance(5000);
    bench.happens('recovered', { incident });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident web 1', 'update web 1', 'recovery web 1']);
    bench.mail.hourly = 0;
    bench.happens('crash_detected', { incident });
    bench.happens('cooldown_started', { incident, severity: 'critical' });
    await bench.clock.advance(1000);
    expect(bench.mails.at(-1)).toBe('update web 2');
    expect(bench.mail.delivered.at(-1)?.inReplyTo).toBe(bench.mail.delivered[0]?.messageId);
  });

  it('is reported as over only to those who heard of it, and always to those', async () => {
    bench = new AlertsBench({ 'alerts.types': ['crash_detected'], 'alerts.minSeverity': 'critical' });
    const mild = bench.crash('mild');
    bench.happens('recovered', { watch: 'mild', incident: mild });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual([]);
    const grave = bench.happens('crash_detected', { incident: 'opens', severity: 'critical' }).id;
    await bench.clock.advance(MINUTE);
    bench.happens('restarted', { incident: grave });
    bench.happens('stopped', { incident: grave });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident web 1', 'recovery web 1']);
  });

  it('goes to each channel that takes its severity, and its end follows it there', async () => {
    bench = new AlertsBench();
    const desktop = new FakeChannel(() => bench.clock.monotonicMs(), 'desktop');
    desktop.severities = ['high', 'critical'];
    bench.channels = [bench.mail, desktop];
    bench.restart();
    bench.happens('limit_exceeded', { watch: 'mild' });
    const incident = bench.crash();
    await bench.clock.advance(MINUTE);
    bench.happens('recovered', { incident });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toHaveLength(3);
    expect(desktop.delivered.map(({ subject }) => subject)).toEqual(['incident web 1', 'recovery web 1']);
  });

  it('is reported again while it goes on, until somebody knows of it', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    const incident = bench.crash();
    bench.engine.change('web', { incident });
    await bench.clock.advance(4 * HOUR + MINUTE);
    expect(bench.mails).toEqual(['incident web 1', 'reminder web 0']);
    expect(bench.mail.delivered[1]?.inReplyTo).toBe(bench.mail.delivered[0]?.messageId);
    expect(bench.mail.delivered[1]?.severity).toBe('high');
    bench.restart();
    await bench.clock.advance(4 * HOUR);
    expect(bench.mails).toHaveLength(3);
    await bench.alerts.mutes.acknowledge(incident);
    bench.happens('restarted', { incident });
    await bench.clock.advance(24 * HOUR);
    expect(bench.mails).toHaveLength(3);
    bench.happens('recovered', { incident });
    await bench.clock.advance(MINUTE);
    expect(bench.mails.at(-1)).toBe('recovery web 1');
    expect(bench.alerts.status().mutes).toEqual([]);
  });

  it('that nobody goes on with is not reported again', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    bench.crash();
    await bench.clock.advance(24 * HOUR);
    expect(bench.mails).toEqual(['incident web 1']);
  });
});

describe('distress of the machine', () => {
  it('is one message, a reminder while it lasts, and its end in the same thread', async () => {
    bench = new AlertsBench();
    const { id: incident } = bench.happens('machine_distress', { watch: null, incident: 'opens', severity: 'high' });
    bench.engine.machineDistress = [
      { kind: 'disk_space', subject: '/', severity: 'high', detail: 'full', sinceAt: 0, incident },
    ];
    await bench.clock.advance(4 * HOUR + MINUTE);
    expect(bench.mail.delivered.map(({ subject }) => subject.split(' ')[0])).toEqual(['incident', 'reminder']);
    bench.engine.machineDistress = [];
    bench.happens('machine_relieved', { watch: null, incident, severity: 'info' });
    await bench.clock.advance(MINUTE);
    expect(bench.mails.at(-1)).toMatch(/^recovery/);
    expect(bench.mail.delivered[2]?.inReplyTo).toBe(bench.mail.delivered[0]?.messageId);
  });

  it('that was not reported does not end with a message', async () => {
    bench = new AlertsBench({ 'alerts.minSeverity': 'critical' });
    const { id: incident } = bench.happens('machine_distress', { watch: null, incident: 'opens', severity: 'high' });
    bench.happens('machine_relieved', { watch: null, incident, severity: 'info' });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual([]);
  });
});

describe('what is not reported', () => {
  it('is what happened before there were alerts, and what alerts do themselves', async () => {
    bench = new AlertsBench({}, null, 10);
    bench.happens('alert_failed', { watch: null });
    bench.happens('notice', { watch: null, data: { topic: 'alerts' } });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual([]);
    bench.happens('notice', { watch: null });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['incident all 1']);
  });

  it('is nothing when no channel is set up, and nothing of it is reported later', async () => {
    bench = new AlertsBench();
    bench.mail.to = [];
    bench.crash();
    await bench.clock.advance(MINUTE);
    bench.mail.to = ['ada@example.org'];
    bench.alerts.settingsChanged();
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual([]);
  });
});

describe('settings that change while a message is on its way', () => {
  it('are tried at once when the try that began before them fails', async () => {
    bench = new AlertsBench();
    bench.mail.answers('silence');
    bench.crash();
    await bench.clock.advance(5000);
    expect(bench.mail.tries).toBe(1);
    bench.mail.answers('well');
    bench.alerts.settingsChanged();
    bench.mail.ends(WRONG_PASSWORD);
    await bench.clock.advance(1000);
    expect(bench.mails).toHaveLength(1);
  });
});

describe('what happened while Healdeck was down', () => {
  it('is one summary', async () => {
    bench = new AlertsBench();
    bench.alerts.dispose();
    bench.restart();
    const data = { whileEngineWasDown: true };
    const one = bench.happens('crash_detected', { watch: 'one', incident: 'opens', data }).id;
    bench.happens('crash_detected', { watch: 'two', incident: 'opens', data });
    bench.happens('restarted', { watch: 'one', incident: one });
    bench.happens('notice', { watch: null });
    await bench.clock.advance(5000);
    expect(bench.mails).toEqual(['summary all 4']);
    bench.happens('recovered', { watch: 'one', incident: one });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['summary all 4', 'recovery one 1']);
    expect(bench.mail.delivered[1]?.inReplyTo).toBe(bench.mail.delivered[0]?.messageId);
  });
});

describe('too much at once', () => {
  it('is one digest, which counts everything, and the critical one goes first by itself', async () => {
    bench = new AlertsBench();
    for (let i = 0; i < 20; i += 1) bench.crash(`watch-${i}`);
    for (let i = 0; i < 60; i += 1) bench.happens('notice', { watch: null });
    bench.happens('cooldown_started', { watch: 'last', incident: 'opens' });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident last 1', 'digest all 80']);
    const [critical, facts] = bench.composer.composed;
    expect(critical?.severity).toBe('critical');
    expect(critical?.events.map((event) => event.type)).toContain('cooldown_started');
    expect(facts?.events).toHaveLength(50);
    expect(facts?.counts.find(({ type }) => type === 'notice')).toEqual({ watch: null, type: 'notice', count: 60 });
    expect(facts?.counts.reduce((sum, { count }) => sum + count, 0)).toBe(80);
  });

  it('1,000 events in a minute over 5 watches: never more than the cap in any hour, and all accounted for', async () => {
    bench = new AlertsBench();
    for (let i = 0; i < 1000; i += 1) {
      if (i % 3 === 0) bench.crash(`watch-${i % 5}`);
      else bench.happens('limit_exceeded', { watch: `watch-${i % 5}` });
      await bench.clock.advance(60);
    }
    await bench.clock.advance(3 * HOUR);
    expect(bench.mail.delivered.reduce((sum, message) => sum + message.eventCount, 0)).toBe(1000);
    expectCap(bench.mail, 10);
    expect(bench.mail.delivered.length).toBeLessThanOrEqual(10);
    expect(bench.alerts.status().held).toBe(0);
  }, 60_000);

  it('about one watch becomes digests, and leaves room for the others', async () => {
    bench = new AlertsBench({ 'alerts.perWatchPerHour': 2 });
    for (let i = 0; i < 6; i += 1) {
      bench.crash('noisy');
      await bench.clock.advance(MINUTE);
    }
    expect(bench.mails).toEqual(['incident noisy 1']);
    bench.crash('calm');
    await bench.clock.advance(5000);
    expect(bench.mails).toEqual(['incident noisy 1', 'incident calm 1']);
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident noisy 1', 'incident calm 1', 'digest noisy 5']);
  });
});

describe('the first critical message of an incident', () => {
  it('goes within a second, however few messages are left of the hour', async () => {
    bench = new AlertsBench();
    for (let i = 0; i < 12; i += 1) {
      bench.crash(`watch-${i}`);
      await bench.clock.advance(MINUTE);
    }
    const before = bench.mails.length;
    expect(bench.alerts.status().holds).toMatchObject([{ reason: 'hourly_limit', critical: false }]);
    bench.happens('cooldown_started', { watch: 'api', incident: 'opens' });
    await bench.clock.advance(1000);
    expect(bench.mails.slice(before)).toEqual(['incident api 1']);
  });

  it('goes past messages that are on their way and wait for the hourly limit', async () => {
    bench = new AlertsBench();
    bench.mail.hourly = 2;
    for (const watch of ['one', 'two', 'three']) {
      bench.crash(watch);
      await bench.clock.advance(5000);
    }
    expect(bench.mails).toEqual(['incident one 1']);
    bench.happens('cooldown_started', { watch: 'api', incident: 'opens' });
    await bench.clock.advance(1000);
    expect(bench.mails).toEqual(['incident one 1', 'incident api 1']);
  });

  it('is the only one: what follows is an update within the limits, also under the next engine', async () => {
    bench = new AlertsBench({ 'alerts.perWatchPerHour': 1 });
    const incident = bench.happens('cooldown_started', { watch: 'api', incident: 'opens' }).id;
    await bench.clock.advance(1000);
    bench.restart();
    for (let i = 0; i < 30; i += 1) {
      bench.happens('cooldown_started', { watch: 'api', incident });
      await bench.clock.advance(10_000);
    }
    expect(bench.mails).toEqual(['incident api 1', expect.stringMatching(/^update api/)]);
  });

  it('has a budget of its own: a flood of them becomes digests, and none is lost', async () => {
    bench = new AlertsBench({ 'alerts.criticalPerHour': 4 });
    bench.mail.hourly = 2;
    for (let i = 0; i < 60; i += 1) {
      bench.happens('cooldown_started', { watch: `watch-${i}`, incident: 'opens' });
      await bench.clock.advance(MINUTE);
    }
    expect(bench.mail.delivered.length).toBeLessThanOrEqual(4 + 2);
    await bench.clock.advance(3 * HOUR);
    expect(bench.mail.delivered.reduce((sum, message) => sum + message.eventCount, 0)).toBe(60);
  });

  it('waits for nothing but what the operator asked for', async () => {
    bench = new AlertsBench();
    await bench.engine.watches.add(WEB, 'cli');
    await bench.alerts.mutes.snooze({ watch: 'web', incident: null, forMs: HOUR });
    bench.happens('cooldown_started', { incident: 'opens' });
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual([]);
    expect(bench.alerts.status().holds).toMatchObject([{ reason: 'snoozed', events: 1, critical: true }]);
  });
});

describe('a heal that holds within seconds', () => {
  it('is one message, which reports both', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    bench.happens('restarted', { incident, data: { actor: 'engine' } });
    await bench.clock.advance(10_000);
    bench.happens('recovered', { incident });
    await bench.clock.advance(HOUR);
    expect(bench.mails).toEqual(['incident web 3']);
    expect(bench.composer.composed[0]?.incident).toMatchObject({ outcome: 'recovered', durationMs: 10_000 });
  });

  it('is reported at once when it does not hold, and after some seconds when nothing is heard of it', async () => {
    bench = new AlertsBench();
    const incident = bench.crash('loop');
    bench.happens('restarted', { watch: 'loop', incident, data: { actor: 'engine' } });
    await bench.clock.advance(5000);
    expect(bench.mails).toEqual([]);
    bench.happens('crash_detected', { watch: 'loop', incident });
    await bench.clock.advance(100);
    expect(bench.mails).toEqual(['incident loop 3']);
    const other = bench.crash('slow');
    bench.happens('restarted', { watch: 'slow', incident: other, data: { actor: 'engine' } });
    await bench.clock.advance(12_000);
    expect(bench.mails.at(-1)).toBe('incident slow 2');
  });
});

describe('what waits', () => {
  it('is sent at once when the operator wants it, and costs nothing of the hour', async () => {
    bench = new AlertsBench();
    bench.mail.hourly = 2;
    for (let i = 0; i < 5; i += 1) {
      bench.crash(`watch-${i}`);
      await bench.clock.advance(MINUTE);
    }
    expect(bench.mails).toHaveLength(1);
    const { holds, held } = bench.alerts.status();
    expect(holds).toEqual([
      { reason: 'hourly_limit', until: expect.any(Number) as number, events: 4, critical: false },
    ]);
    expect(held).toBe(4);
    expect(bench.alerts.sendHeld()).toEqual({ events: 4 });
    await bench.clock.advance(1000);
    expect(bench.mails.at(-1)).toBe('digest all 4');
    expect(bench.alerts.status().holds).toEqual([]);
    expect(bench.alerts.sendHeld()).toEqual({ events: 0 });
  });

  it('is counted once, however many recipients wait for it', async () => {
    bench = new AlertsBench();
    bench.mail.to = ['ada@example.org', 'bob@example.org'];
    bench.mail.hourly = 2;
    for (let i = 0; i < 5; i += 1) {
      bench.crash(`watch-${i}`);
      await bench.clock.advance(MINUTE);
    }
    const { holds, held } = bench.alerts.status();
    expect({ held, holds }).toMatchObject({ held: 4, holds: [{ reason: 'hourly_limit', events: 4 }] });
  });

  it('says why and until when: quiet hours, a dead server, messages that are collected', async () => {
    bench = new AlertsBench();
    bench.crash();
    expect(await reasonsAfter(1000)).toEqual(['grouping']);
    bench.mail.answers(SERVER_DOWN);
    await bench.clock.advance(MINUTE);
    bench.crash('other');
    bench.crash('third');
    for (let i = 0; i < 8; i += 1) bench.crash(`watch-${i}`);
    expect(await reasonsAfter(MINUTE)).toEqual([]);
    for (let i = 0; i < 8; i += 1) bench.crash(`more-${i}`);
    await bench.clock.advance(MINUTE);
    bench.engine.settings.set({ 'alerts.quietHours': ['00:00-24:00'] }, 'cli');
    bench.crash('night');
    expect(await reasonsAfter(MINUTE)).toEqual(['quiet_hours']);
    expect(bench.alerts.status().holds[0]?.until).toBeGreaterThan(bench.clock.wallMs());
  });

  async function reasonsAfter(ms: number): Promise<string[]> {
    await bench.clock.advance(ms);
    return bench.alerts.status().holds.map(({ reason }) => reason);
  }
});

describe('a message that does not arrive', () => {
  it('is tried again after 1, 5, 15 and 60 minutes, then each hour, and given up after 3 days', async () => {
    bench = new AlertsBench();
    bench.mail.answers(SERVER_DOWN);
    bench.crash();
    const triesAfter = async (ms: number): Promise<number> => {
      await bench.clock.advance(ms);
      return bench.mail.tries;
    };
    expect(await triesAfter(4000)).toBe(1);
    expect(await triesAfter(MINUTE)).toBe(2);
    expect(await triesAfter(5 * MINUTE)).toBe(3);
    expect(await triesAfter(15 * MINUTE)).toBe(4);
    expect(await triesAfter(60 * MINUTE)).toBe(5);
    expect(await triesAfter(60 * MINUTE)).toBe(6);
    expect(bench.alerts.status()).toMatchObject({ waiting: 1, failed: 0, channels: [{ state: 'failing' }] });
    expect(await triesAfter(71 * HOUR)).toBe(77);
    await bench.clock.advance(HOUR);
    expect(bench.mail.tries).toBe(77);
    expect(bench.alerts.status()).toMatchObject({ waiting: 0, failed: 1 });
    expect(bench.events.at(-1)).toMatchObject({ type: 'alert_failed', data: { outboxId: 1, problem: SERVER_DOWN } });

    bench.mail.answers('well');
    expect(await bench.alerts.outbox.retry(null)).toEqual({ tried: 1 });
    await bench.clock.advance(1000);
    expect(bench.mails).toEqual(['incident web 1']);
    expect(bench.alerts.status()).toMatchObject({ waiting: 0, failed: 0, channels: [{ state: 'ready' }] });
    expect(bench.events.at(-1)).toMatchObject({
      type: 'alert_sent',
      data: { recipient: 'ada@example.org', events: 1 },
    });
  });

  it('is given up at once when it can never arrive, and is dropped by the operator', async () => {
    bench = new AlertsBench();
    bench.mail.answers(NO_SUCH_RECIPIENT);
    bench.crash();
    await bench.clock.advance(5000);
    expect(bench.alerts.status()).toMatchObject({ waiting: 0, failed: 1 });
    expect(await bench.alerts.outbox.list({ state: 'failed', limit: 10 })).toMatchObject([
      { id: 1, problem: NO_SUCH_RECIPIENT },
    ]);
    expect(await bench.alerts.outbox.drop(1)).toEqual({ dropped: 1 });
    expect(bench.alerts.status().failed).toBe(0);
    await expect(bench.alerts.outbox.drop(1)).rejects.toThrow('dropped already');
    await expect(bench.alerts.outbox.retry(99)).rejects.toThrow('No message has the number 99');
  });

  it('waits when the channel as a whole is wrong, and goes as soon as that is mended', async () => {
    bench = new AlertsBench();
    bench.mail.answers(WRONG_PASSWORD);
    bench.crash();
    await bench.clock.advance(30 * MINUTE);
    expect(bench.alerts.status()).toMatchObject({ waiting: 1, failed: 0 });
    bench.mail.answers('well');
    bench.alerts.settingsChanged();
    await bench.clock.advance(1000);
    expect(bench.mails).toEqual(['incident web 1']);
  });

  it('lets others wait behind it, in order, and few of them', async () => {
    bench = new AlertsBench();
    bench.mail.answers(SERVER_DOWN);
    for (let i = 0; i < 30; i += 1) {
      bench.crash(`watch-${i}`);
      await bench.clock.advance(10 * MINUTE);
    }
    expect(bench.alerts.status().waiting).toBe(4);
    bench.mail.answers('well');
    await bench.alerts.outbox.retry(null);
    await bench.clock.advance(5000);
    expect(bench.mails).toEqual([
      ...['watch-0', 'watch-1', 'watch-2', 'watch-3'].map((watch) => `incident ${watch} 1`),
      'digest all 26',
    ]);
  });

  it('keeps no other channel waiting, however silent the other side is', async () => {
    bench = new AlertsBench();
    const webhook = new FakeChannel(() => bench.clock.monotonicMs(), 'webhook');
    bench.channels = [bench.mail, webhook];
    bench.restart();
    bench.mail.answers('silence');
    bench.crash('one');
    await bench.clock.advance(MINUTE);
    bench.crash('two');
    await bench.clock.advance(MINUTE);
    expect(webhook.delivered).toHaveLength(2);
    expect(bench.mail.tries).toBe(1);
    await bench.clock.advance(10 * MINUTE);
    expect(bench.mail.tries).toBe(2);
  });

  it('has the last words of the program with it once, by a channel that takes files', async () => {
    const bench = new AlertsBench();
    const hook = new FakeChannel(() => bench.clock.monotonicMs(), 'webhook');
    bench.channels = [bench.mail, hook];
    bench.restart();
    const incident = bench.crash();
    const words = bench.happens('last_words', { incident, data: { tookMs: 1 } });
    await bench.clock.advance(120_000);
    bench.happens('restart_failed', { incident });
    await bench.clock.advance(120_000);
    const sent = bench.composer.composed.map(({ kind, lastWords }) => [kind, lastWords?.id ?? null]);
    expect(sent.filter(([, id]) => id !== null)).toEqual([['incident', words.id]]);
    expect(sent.length).toBeGreaterThanOrEqual(4);
  });

  it('is reported plainly when its text can not be made', async () => {
    bench = new AlertsBench();
    bench.composer.mode = 'fails';
    bench.crash('we\r\nb');
    await bench.clock.advance(5000);
    expect(bench.mails).toEqual(['[kiosk-3] we b: crash_detected']);
    bench.composer.mode = 'hangs';
    bench.crash('other');
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['[kiosk-3] we b: crash_detected', '[kiosk-3] other: crash_detected']);
    expect(bench.reported.splice(0)).toHaveLength(4);
  });
});

describe('an outbox that can not be written', () => {
  it('delays alerts and says so; nothing is lost, and all is in order', async () => {
    bench = new AlertsBench();
    await bench.clock.advance(1000);
    bench.outbox.full = true;
    for (let i = 0; i < 3; i += 1) bench.crash(`watch-${i}`);
    await bench.clock.advance(10 * MINUTE);
    expect(bench.mails).toEqual([]);
    expect(bench.alerts.status().warnings).toEqual(['Alerts wait: database or disk is full']);
    bench.outbox.full = false;
    await bench.clock.advance(MINUTE);
    expect(bench.mails).toEqual(['digest all 3']);
    expect(bench.alerts.status().warnings).toEqual([]);
  });

  it('does not send twice what it could not note as sent', async () => {
    bench = new AlertsBench();
    bench.mail.answers(() => {
      bench.outbox.full = true;
      return { ok: true, reply: '250 OK' };
    });
    bench.crash();
    await bench.clock.advance(10 * MINUTE);
    bench.outbox.full = false;
    await bench.clock.advance(MINUTE);
    expect(bench.mail.tries).toBe(1);
    expect(bench.outbox.messages).toMatchObject([{ state: 'sent', attempts: 1, body: null }]);
  });

  it('that was left in the middle of a try is taken up with the same Message-ID', async () => {
    bench = new AlertsBench();
    bench.mail.answers('silence');
    bench.crash();
    await bench.clock.advance(5000);
    expect(bench.outbox.messages).toMatchObject([{ state: 'sending', attempts: 1 }]);
    const { messageId } = bench.outbox.messages[0] ?? {};
    bench.mail.answers('well');
    bench.restart();
    await bench.clock.advance(1000);
    expect(bench.mail.delivered).toMatchObject([{ messageId, subject: 'incident web 1' }]);
  });
});

describe('asked by the operator', () => {
  it('sends a test past the outbox, and says what came of it', async () => {
    bench = new AlertsBench();
    bench.mail.to = ['ada@example.org', 'bob@example.org'];
    expect(await bench.alerts.channels.test('mail')).toMatchObject([
      { recipient: 'ada@example.org', delivery: { ok: true } },
      { recipient: 'bob@example.org', delivery: { ok: true } },
    ]);
    bench.mail.answers(WRONG_PASSWORD);
    expect((await bench.alerts.channels.test('mail'))[0]?.delivery).toEqual({ ok: false, problem: WRONG_PASSWORD });
    expect(bench.alerts.status().channels[0]?.problem).toEqual(WRONG_PASSWORD);
    expect(bench.outbox.messages).toEqual([]);
    bench.mail.to = [];
    await expect(bench.alerts.channels.test('mail')).rejects.toThrow('nothing is set up');
    await expect(bench.alerts.channels.test('webhook')).rejects.toThrow('it has no webhook');
  });

  it('checks a channel without sending, and at the start by itself', async () => {
    bench = new AlertsBench();
    bench.mail.wrong = WRONG_PASSWORD;
    bench.restart();
    await bench.clock.advance(1000);
    expect(bench.noted).toEqual([expect.stringContaining('refused the login')]);
    bench.mail.wrong = null;
    expect(await bench.alerts.channels.check('mail')).toMatchObject({ state: 'ready', problem: null });
    expect(bench.mail.tries).toBe(0);
  });

  it('shows a message about an incident, or about a made-up one', async () => {
    bench = new AlertsBench();
    const incident = bench.crash();
    expect(await bench.alerts.preview({ incident })).toMatchObject({ subject: 'incident web 1' });
    expect(await bench.alerts.preview({ incident: null })).toMatchObject({ subject: 'made-up' });
    await expect(bench.alerts.preview({ incident: 99 })).rejects.toThrow('No incident has the number 99');
    await expect(bench.alerts.mutes.acknowledge(99)).rejects.toThrow('No incident has the number 99');
  });

  it('tells listeners of each new status, not of each step', async () => {
    bench = new AlertsBench();
    const reported: number[] = [];
    const unsubscribe = bench.alerts.subscribe(({ held }) => reported.push(held));
    for (let i = 0; i < 50; i += 1) bench.crash(`watch-${i}`);
    await bench.clock.advance(2000);
    expect(reported.at(-1)).toBe(50);
    expect(reported.length).toBeLessThan(5);
    unsubscribe();
    await bench.clock.advance(MINUTE);
    expect(reported.at(-1)).toBe(50);
  });

  it('leaves nothing for a recipient that was removed', async () => {
    bench = new AlertsBench();
    bench.mail.answers(SERVER_DOWN);
    bench.crash();
    await bench.clock.advance(MINUTE);
    bench.crash('other');
    await bench.clock.advance(1000);
    bench.mail.to = ['bob@example.org'];
    bench.alerts.settingsChanged();
    await bench.clock.advance(1000);
    expect(bench.outbox.messages).toMatchObject([{ state: 'dropped' }]);
    expect(bench.outbox.items.at(-1)).toMatchObject({ suppressed: 'recipient_removed' });
  });
});

function expectCap(channel: FakeChannel, perHour: number): void {
  for (const { atMs: from } of channel.delivered) {
    const within = channel.delivered.filter(({ atMs }) => atMs >= from && atMs <= from + HOUR);
    expect(within.length).toBeLessThanOrEqual(perHour);
  }
}
