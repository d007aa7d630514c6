import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../src/cli/program';
import type { Io } from '../src/cli/io';
import { createComposer } from '../src/main/alerts/content/composer';
import { statusOf, storyEvent, storySources, messageFactsOf } from '../src/main/alerts/testing/stories';
import { TestBench } from '../src/main/engine/testing/test-engine';
import { FIELD_GROUPS, SETTINGS_GROUPS } from '../src/renderer/drafts/settings-groups';
import { describeAlerts } from '../src/renderer/words/present-alert';
import { EVENT_WORDS } from '../src/renderer/words/present-event';
import { findingOf, KIND_WORDS } from '../src/renderer/words/findings';
import type * as Metrics from '../src/main/engine/detect/metrics';
import type * as RuleList from '../src/main/engine/detect/rules/list';
import type * as ChannelList from '../src/shared/channels/list';
import type * as EventList from '../src/shared/events/list';
import type * as FindingList from '../src/shared/findings/list';
import { eventFacts } from '../src/shared/lib/events/event-facts';
import { healingLine } from '../src/shared/lib/events/healing-line';
import { countSummary } from '../src/shared/lib/events/story-summary';
import type { AlertsStatus } from '../src/shared/model/alert';
import type { EventData, EventType, HealdeckEvent } from '../src/shared/model/event';
import { resolveSettings, SETTINGS, settingsOverridesSchema, type Settings } from '../src/shared/model/settings';
import type { AlertChannel } from '../src/shared/model/delivery';
import { secretNameSchema } from '../src/shared/model/secret';

/*
 * The registries are constant lists, so that unions can be made of them. What one more entry reaches is seen by putting another
 * list in the place of each, before anything reads it; everything else is as it is. This takes a process of its own, which
 * unit tests don't have.
 */
vi.mock('../src/shared/findings/list', async (original) => {
  const [{ handles, daydream }, { LIMITS, ANOMALIES }] = await Promise.all([
    import('./testing/fake-kinds'),
    original<typeof FindingList>(),
  ]);
  return { LIMITS: [...LIMITS, handles], ANOMALIES: [...ANOMALIES, daydream] };
});
vi.mock('../src/shared/channels/list', async (original) => {
  const [{ pager }, { CHANNELS }] = await Promise.all([import('./testing/fake-kinds'), original<typeof ChannelList>()]);
  return { CHANNELS: [...CHANNELS, pager] };
});
vi.mock('../src/shared/events/list', async (original) => {
  const [{ teaDrunk }, { EVENTS }] = await Promise.all([import('./testing/fake-kinds'), original<typeof EventList>()]);
  return { EVENTS: [...EVENTS, teaDrunk] };
});
vi.mock('../src/shared/model/settings/window-settings', async () => ({
  WINDOW_SETTINGS: (await import('./testing/fake-kinds')).window,
}));
vi.mock('../src/main/engine/detect/metrics', async (original) => {
  const { METRIC_READERS } = await original<typeof Metrics>();
  return { METRIC_READERS: { ...METRIC_READERS, handles: () => 60 } };
});
vi.mock('../src/main/engine/detect/rules/list', async (original) => {
  const [{ daydreamRule }, { RULES }] = await Promise.all([
    import('./testing/fake-kinds'),
    original<typeof RuleList>(),
  ]);
  return { RULES: [...RULES, daydreamRule] };
});

/** What a command line prints. */
async function printed(...argv: readonly string[]): Promise<string> {
  let text = '';
  const io: Io = {
    ...{ env: {}, cwd: '/', platform: 'linux', homedir: '/nowhere', columns: 200, now: () => 0 },
    machine: { memoryBytes: 8e9, cores: 4, hostname: 'here' },
    out: (words) => void (text += words),
    err: (words) => void (text += words),
    confirm: () => null,
    terminal: () => null,
    secret: () => Promise.resolve(''),
  };
  await runCli(argv, io, '0.1.0');
  return text;
}

/** The mail about an event of the watch `web`. */
async function mailed(event: HealdeckEvent) {
  const story = { facts: messageFactsOf([event]), status: statusOf('web'), readings: [] };
  return createComposer(storySources(story)).compose(story.facts);
}

/** What an engine finds that has the fake rules, and a program with 60 handles. */
async function found(overrides: Record<string, unknown>): Promise<readonly HealdeckEvent[]> {
  const bench = await TestBench.started();
  await bench.add({ overrides: overrides as Partial<Settings> });
  await bench.clock.advance(40_000);
  bench.engine.dispose('test');
  return bench.events.events;
}

const wordsOf = (groups: readonly { title: string; keys: readonly string[] }[], title: string): readonly string[] =>
  groups.find((group) => group.title === title)?.keys ?? [];

describe('one more metric', () => {
  it('is a limit that is judged, logged, mailed and listed', async () => {
    const events = await found({ 'handles.limit': 50, 'limits.violations': 1 });
    const event = events.find(({ type }) => type === 'limit_exceeded')!;
    expect(event.message).toContain('web: number of handles too high (60 > 50');
    expect(healingLine(event)).toContain('Limit web pid=');
    expect(healingLine(event)).toContain('too many handles (60 > 50)');
    expect(eventFacts(event)).toContainEqual({ label: 'Measured', value: 'handles of the whole tree' });
    expect((await mailed(event)).subject).toBe('[kiosk-3] web had too many handles (60 > 50 files)');
    expect(KIND_WORDS[findingOf(event)!.kind]).toBe('Handle limit');
  });

  it('has settings for all and for one watch', async () => {
    expect(wordsOf(SETTINGS_GROUPS, 'Threads, open files, children and sockets')).toContain('handles.limit');
    expect(FIELD_GROUPS.flatMap(({ fields }) => fields.map(({ label }) => label))).toContain('Handle action');
    expect(settingsOverridesSchema.safeParse({ 'handles.limit': 51 }).success).toBe(false);
    expect(await printed('add', 'web', '--set', 'handles.limit=51', '--', 'node')).toContain(
      'handles.limit: expected a number from 1 to 50 (files), or none, got "51"',
    );
  });
});

describe('one more anomaly', () => {
  it('is found by its rule, logged, mailed and listed', async () => {
    const event = (await found({})).find(({ type }) => type === 'anomaly_detected')!;
    expect(event.message).toContain('web: daydream: 7 processes look out of the window');
    expect(healingLine(event)).toContain('daydream (gaze: more than 5)');
    expect(eventFacts(event)).toContainEqual({ label: 'Anomaly', value: 'Daydream' });
    expect((await mailed(event)).subject).toBe('[kiosk-3] web daydreams (7 processes)');
    expect(KIND_WORDS[findingOf(event)!.kind]).toBe('Daydream');
  });

  it('has its settings', () => {
    expect(wordsOf(SETTINGS_GROUPS, 'Anomalies')).toContain('daydream.watched');
    expect(resolveSettings({})).toMatchObject({ 'daydream.watched': true });
  });
});

describe('one more type of event', () => {
  const event = storyEvent('tea_drunk' as EventType, { cups: 3 } as unknown as EventData[EventType], {
    ...{ watch: 'web', message: 'web drank tea' },
  });

  it('is filtered by the command line, and can be alerted on', async () => {
    expect(await printed('events', '--help')).toContain('tea_drunk');
    expect(SETTINGS['alerts.types'].choices).toContain('tea_drunk');
    expect(SETTINGS['alerts.types'].default).toContain('tea_drunk');
  });

  it('has words in the window, a line in the log and a mail', async () => {
    expect(EVENT_WORDS[event.type]).toBe('Tea drunk');
    expect(healingLine(event)).toMatch(/Drank tea web .*cups 3$/);
    const { subject, text } = await mailed(event);
    expect(subject).toBe('[kiosk-3] web drank 3 cups of tea');
    expect(text).toMatch(/Cups\W+3/);
    expect(countSummary([{ watch: 'web', type: event.type, count: 2 }])).toBe('2 events of web: 2 teas');
  });
});

describe('one more channel', () => {
  const channel = 'pager' as AlertChannel;

  it('is one of the command line, with its secrets', async () => {
    expect(await printed('alerts', 'test', '--help')).toContain('pager');
    expect(await printed('secrets', '--help')).toMatch(/pager\.token +of the account at the pager service/);
    expect(secretNameSchema.safeParse('pager.token').success).toBe(true);
    expect(secretNameSchema.safeParse('pager.token@elsewhere').success).toBe(false);
  });

  it('has its words in the window, and its settings with it', () => {
    const ready = { channel, state: 'ready', recipients: [''], description: '', problem: null, lastSentAt: null };
    expect(describeAlerts({ channels: [ready], holds: [] } as unknown as AlertsStatus).words).toBe('Pager: ready.');
    expect(resolveSettings({})).toMatchObject({ 'pager.enabled': true });
    expect(SETTINGS_GROUPS.flatMap(({ keys }): readonly string[] => keys)).not.toContain('pager.enabled');
  });
});

describe('one more setting', () => {
  it('is in its group, and read by the command line', async () => {
    expect(wordsOf(SETTINGS_GROUPS, 'Window')).toEqual(['window.ajar']);
    expect(await printed('settings', 'set', 'window.ajar', 'wide')).toContain(
      'window.ajar: expected true or false, got "wide"',
    );
  });
});
