import type { RestartPolicy } from '../../../shared/model/restart-policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oomKillsText } from '../../../shared/events/text';
import type { EventData } from '../../../shared/model/event';
import { incidentsOf } from '../../../shared/lib/events/incidents';
import { templateProblems } from '../../../shared/lib/text/mail-template';
import type { Templates } from '../../../shared/model/alert';
import { Refusal } from '../../engine/refusal';
import type { ComposerSources, MessageContent, MessageFacts } from '../message';
import {
  crash,
  lastWords,
  restart,
  statusOf,
  STORIES,
  storyEvent,
  storySources,
  messageFactsOf,
  REPORTED_AT,
  type Story,
} from '../testing/stories';
import { createComposer } from './composer';
import { MAX_SUBJECT, SHIPPED } from './render';

const compose = (story: Story, sources: Partial<ComposerSources> = {}): Promise<MessageContent> =>
  createComposer(storySources(story, sources)).compose(story.facts);

/** A story without a watch that is known, and without readings. */
const reported = (facts: MessageFacts): Story => ({ facts, status: null, readings: [] });

/** What a reader of HTML sees. */
const seen = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ')
    .replaceAll('&#x2F;', '/')
    .replaceAll('&#x3D;', '=')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const ALL = Object.entries(STORIES) as [keyof typeof STORIES, Story][];

describe('what an incident has to do with others', () => {
  const affected = (id: number, watch: string, incident: number | null) =>
    storyEvent(
      'dependant_affected',
      { watch, incident, how: incident === null ? 'restarted' : 'incident' },
      { id, severity: 'info', pid: null },
    );

  it('is a sentence: whom else it has affected, and by what it was caused', async () => {
    const led = await compose(
      reported(messageFactsOf([crash(), affected(4712, 'api', 4720), affected(4713, 'web', null)])),
    );
    expect(led.text).toContain('Also affected: api (incident 4720), web (restarted, too).\n');
    expect(seen(led.html)).toContain('Also affected: api (incident 4720), web (restarted, too).');
    const cause = { watch: 'db', incident: 4700 };
    const caused = storyEvent('incident_attributed', { cause }, { id: 4712, severity: 'info', pid: null });
    const message = await compose(reported(messageFactsOf([crash(), caused])));
    expect(message.text).toContain('Caused by db (incident 4700).\n');
    expect(message.subject).toBe('[kiosk-3] web-worker crashed (SIGSEGV)');
  });
});

describe('distress of the machine', () => {
  const detail = 'Disk /var is 97 % full: 1.2 GB of 40 GB available';
  const of = { watch: null, pid: null, incident: 4711 } as const;
  const found = storyEvent(
    'machine_distress',
    { kind: 'disk_space', subject: '/var', detail },
    { ...of, message: detail },
  );

  it('is reported in its own words, without a watch', async () => {
    const { subject, text, html } = await compose(reported(messageFactsOf([found], { kind: 'incident', watch: null })));
    expect(subject).toContain(detail);
    expect(text).toContain('Disk nearly full');
    expect(`${text}${html}`).not.toMatch(/null|undefined|no longer watched/);
  });

  it('ends with how it is then, and how long it took', async () => {
    const over = storyEvent(
      'machine_relieved',
      { kind: 'disk_space', subject: '/var', detail: 'Disk /var is 50 % full', durationMs: 60_000 },
      { ...of, id: 4712, severity: 'info', message: 'Disk /var is 50 % full', agoMs: 1000 },
    );
    const { subject, text } = await compose(reported(messageFactsOf([found, over], { kind: 'recovery', watch: null })));
    expect(subject).toContain('Disk /var is 50 % full');
    expect(text).toContain('it took 9 s');
  });
});

describe('the subject', () => {
  const recovery = STORIES.recovery.facts;
  it.each<[string, MessageFacts]>([
    ['[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms', STORIES.crash.facts],
    ['[kiosk-3] api used too much memory (612 MB > 500 MB), restarted', STORIES.memoryLimit.facts],
    ['[kiosk-3] web-worker is in cooldown for 2 min after 5 restarts in 1 min', STORIES.cooldown.facts],
    [
      '[kiosk-3] importer leaks memory (200 MB to 599 MB in 10 min); only observed, would have been restarted',
      STORIES.leak.facts,
    ],
    ['[kiosk-3] 412 events of 5 watches: 17 cooldowns, 215 crashes, 180 restarts', STORIES.digest.facts],
    ['[kiosk-3] web-worker recovered after 12 s', recovery],
    [
      '[kiosk-3] web-worker was stopped by the operator, 5 s after it began',
      messageFactsOf(
        [crash(), storyEvent('stopped', { actor: 'cli', pids: [], forced: [] }, { id: 4712, agoMs: 5000 })],
        {
          kind: 'recovery',
        },
      ),
    ],
    [
      '[kiosk-3] still open after 4 h: web-worker crashed (SIGSEGV)',
      messageFactsOf([crash({}, { agoMs: 4 * 3_600_000 })], { kind: 'reminder' }),
    ],
    [
      '[kiosk-3] while Healdeck was down: web-worker crashed while Healdeck was not running (SIGSEGV)',
      messageFactsOf([crash({ whileEngineWasDown: true })], { kind: 'summary' }),
    ],
    [
      '[kiosk-3] while Healdeck was down: 2 events of 2 watches: 2 crashes',
      messageFactsOf([crash(), crash({}, { id: 4712, watch: 'api' })], {
        kind: 'summary',
        incident: null,
        watch: null,
      }),
    ],
    [
      '[kiosk-3] Storm brake: healing is paused for 5 min after more than 20 restarts in 1 min',
      messageFactsOf([
        storyEvent(
          'healing_paused',
          { restarts: 20, windowSeconds: 60, untilAt: new Date(REPORTED_AT + 290_000).toISOString() },
          { watch: null, incident: null },
        ),
      ]),
    ],
    ["[kiosk-3] test of Healdeck's alerts", messageFactsOf([], { kind: 'test' })],
  ])('%s', async (subject, facts) => expect((await compose(reported(facts))).subject).toBe(subject));
});

describe('a message', () => {
  it.each<[keyof typeof STORIES, readonly string[]]>([
    [
      'crash',
      [
        'High',
        '2026-11-22 22:05:02 (UTC+01:00)',
        'web-worker (pid 20417) crashed after 4 min 10 s: SIGSEGV',
        '4 min 10 s',
        '22:05:02 web-worker restarted as pid 20988',
        'Restarts left before a cooldown: 3 of 5 in 1 min, 18 of 20 in 1 h.',
        'It counts as recovered once it has run without a problem for 10 s.',
        'url=postgres://•••@db.internal/shop',
        'fatal: out of memory in decode() <frame 1207>',
        'healdeck incidents 4711',
        'healdeck open',
        '21:55:02',
        'last 21 %',
      ],
    ],
    [
      'memoryLimit',
      [
        '612 MB > 500 MB',
        '3 of the last 5',
        '488 MB, 505 MB, 551 MB, 590 MB, 612 MB',
        'the whole tree',
        'limit 500 MB',
      ],
    ],
    [
      'cooldown',
      [
        'Critical',
        '137, as a shell reports SIGKILL',
        'It is restarted at 22:07:10 (in 1 min 58 s), with a full budget.',
        'healdeck reset-cooldown web-worker',
        '5 restarts in 1 min',
        '1 earlier step, see the timeline.',
        '3 alerts were not sent because of maintenance.',
        'a reminder is sent every 4 h',
      ],
    ],
    [
      'leak',
      [
        'trend: the lowest readings of 5 epochs of 2 min: growth of at least 64 MB',
        'the last 10 min',
        '687 kB/s',
        'Nothing: the watch is in observe mode; it would have been restarted.',
        'Nothing needs to be done; watching continues.',
        '200 MB, 263 MB',
      ],
    ],
    [
      'digest',
      [
        '412 events, from 21:35:12 to 21:45:12; 400 of them are only counted.',
        '400 more events only counted',
        '1 alert was not sent',
      ],
    ],
    [
      'recovery',
      ['Recovered', 'it took 12 s', 'alive for 10 s after 1 restart', 'Nothing needs to be done; watching continues.'],
    ],
  ])('about a %s says all of it, as text and as HTML', async (name, parts) => {
    const { text, html } = await compose(STORIES[name]);
    const words = seen(html).replace(/\s+/g, ' ');
    for (const part of parts) {
      expect(text.replace(/\s+/g, ' ')).toContain(part);
      expect(words).toContain(part);
    }
    expect(text).not.toContain('hunter2');
    expect(html).not.toContain('hunter2');
  });

  it.each(ALL)('about a %s has nothing that a template forgot, and loads nothing', async (_, story) => {
    const { text, html } = await compose(story);
    for (const content of [text, seen(html)]) expect(content).not.toMatch(/undefined|null|NaN|\[object|\{\{|Invalid/);
    expect(text).not.toMatch(/\n\n\n/);
    expect(html).not.toMatch(/https?:|<script|<link|url\(/);
    expect(html.length).toBeLessThan(100_000);
  });

  it('explains an end first, and says nothing of it twice', async () => {
    const evidence: EventData['death_explained']['evidence'] = [
      { topic: 'how', text: 'SIGKILL', source: 'exit status' },
      { topic: 'how', text: 'its memory was dumped to /var/core.12', source: 'core_pattern' },
      { topic: 'who', text: 'the OOM killer ended a process of its control group', source: 'control group' },
      { topic: 'who', text: oomKillsText(1), source: '/proc/vmstat' },
      { topic: 'changed', text: 'server.js was changed 5 s before its end', source: 'file status' },
      { topic: 'changed', text: 'its environment was edited', source: 'watch' },
    ];
    const explained = storyEvent(
      'death_explained',
      { reason: "the kernel's OOM killer ended it", certainty: 'very_likely', evidence },
      { id: 4713 },
    );
    const events = [crash({ signal: 'SIGKILL', oomKills: 1 }), explained];
    const { text } = await compose(reported(messageFactsOf(events)));
    const why = text.slice(text.indexOf('\nWhy\n') + 5, text.indexOf('\nWhat was done'));
    expect(why.split('\n').map((line) => line.trim())).toEqual([
      "Why it ended (very likely): the kernel's OOM killer ended it",
      'How it ended: its memory was dumped to /var/core.12 (core_pattern)',
      'Who ended it: the OOM killer ended a process of its control group (control group)',
      'Changed since its last good start: server.js was changed 5 s before its end (file status); its environment was edited (watch)',
      'Process: pid 20417',
      'Signal: SIGKILL',
      'Uptime: 4 min 10 s',
      'Policy: on-failure',
      'Still running: 0 of this watch',
      "Memory: the kernel's OOM killer ended a process of this machine at about that time",
      '',
    ]);
  });

  it('counts every event of a digest, the gravest first', async () => {
    const { text } = await compose(STORIES.digest);
    const rows = [...text.matchAll(/^ {2}\S (worker-\d): (\d+) (\w+)$/gm)];
    expect(rows.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(412);
    expect(rows.map(([, , , what]) => what).slice(0, 6)).toEqual([...Array<string>(5).fill('cooldowns'), 'crashes']);
  });

  it('counts every event of a digest of very many kinds', async () => {
    const counts = Array.from({ length: 1000 }, (_, nth) => ({
      watch: `w${nth}`,
      type: 'crash_detected' as const,
      count: 1 + (nth % 7),
    }));
    const eventCount = counts.reduce((sum, { count }) => sum + count, 0);
    const { text, html } = await compose(reported({ ...STORIES.digest.facts, counts, eventCount }));
    const rows = [...text.matchAll(/^ {2}\S [^:]+: ([\d,]+) (?:crash|of)/gm)];
    expect(rows.reduce((sum, [, count = '']) => sum + Number(count.replaceAll(',', '')), 0)).toBe(eventCount);
    expect(html.length).toBeLessThan(100_000);
  });

  it('tells of a long story its beginning and its end', async () => {
    const events = Array.from({ length: 100 }, (_, nth) =>
      crash({}, { id: 4711 + nth, agoMs: 1_000_000 - nth, message: `crash no. ${nth}.` }),
    );
    const { text } = await compose(reported(messageFactsOf(events)));
    expect(text).toContain('60 more events in between');
    for (const nth of [0, 9, 70, 99]) expect(text).toContain(`crash no. ${nth}.`);
    expect(text).not.toContain('crash no. 10.');
  });

  it('has the last forty lines of standard error, within bounds', async () => {
    const stderrTail = Array.from({ length: 60 }, (_, nth) => `line ${nth} ${'x'.repeat(nth === 59 ? 5000 : 0)}`);
    const { text } = await compose(reported(messageFactsOf([crash({ stderrTail })])));
    const lines = text.split('\n').filter((line) => line.startsWith('  | '));
    expect(lines).toHaveLength(40);
    expect(lines[0]).toContain('line 20');
    expect(lines[39]?.length).toBeLessThan(520);
    const wide = Array<string>(40).fill('y'.repeat(2000));
    expect((await compose(reported(messageFactsOf([crash({ stderrTail: wide })])))).text.length).toBeLessThan(20_000);
  });

  it('has the last words of the program attached, where they are to be', async () => {
    const words = lastWords({ dump: { signal: 'SIGQUIT', text: 'key=canary-77', truncated: false } });
    const facts = { ...STORIES.crash.facts, lastWords: words };
    const { attachments } = await compose(reported(facts), { secretValues: () => ['canary-77'] });
    expect(attachments.map(({ name }) => name)).toEqual(['last-words-web-worker.txt']);
    expect(attachments[0]?.text).toContain('Dump by SIGQUIT\nkey=•••\n');
    expect((await compose(STORIES.crash)).attachments).toEqual([]);
  });

  it('shows a chart as a picture with its words', async () => {
    const { html, pictures } = await compose(STORIES.memoryLimit);
    expect(pictures).toHaveLength(1);
    const [picture] = pictures;
    expect(html).toContain(`src="cid:${picture?.cid}"`);
    expect(picture?.alt).toBe(
      'CPU 27.1 % to 35 % of one core, last 30 %; Memory 91.4 MB to 593 MB, last 91.6 MB, limit 500 MB; ' +
        'from 21:54:59 to 22:05:12 (UTC+01:00), the event at 22:04:59; no readings from 21:58:11 to 21:59:03',
    );
    expect(
      Buffer.from(picture?.base64 ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('keeps the picture small, however wild the readings are', async () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const readings = Array.from({ length: 240 }, (_, nth) => ({
      at: REPORTED_AT - 600_000 + nth * 2500,
      cpuPercent: random() * 100,
      memoryBytes: random() * 1e9,
    }));
    const { pictures } = await compose({ ...STORIES.memoryLimit, readings });
    expect((pictures[0]?.base64.length ?? Infinity) * 0.75).toBeLessThan(20_000);
  });

  it("goes without a chart when the history can't be read or is empty", async () => {
    const broken = await compose(STORIES.crash, { samples: () => Promise.reject(new Error('disk I/O error')) });
    expect(broken.pictures).toEqual([]);
    expect(broken.html).not.toContain('<img');
    expect((await compose({ ...STORIES.crash, readings: [] })).pictures).toEqual([]);
  });
});

describe('what comes next', () => {
  const open = messageFactsOf([crash()]);
  it.each<[string, Story['status'], MessageFacts?]>([
    [
      'Next attempt at 22:05:16 (in 4 s).',
      statusOf('web-worker', { phase: 'backoff', nextAttemptAt: REPORTED_AT + 4000 }),
    ],
    [
      'Failed: gave up after 50 restarts. It stays down until it is started: healdeck start "web worker"',
      statusOf('web worker', { phase: 'failed', reason: 'Failed: gave up after 50 restarts' }),
      messageFactsOf([crash({}, { watch: 'web worker' })]),
    ],
    [
      'To resume healing at once: healdeck reset-cooldown --all',
      statusOf('web-worker', { phase: 'held', reason: 'Healing is paused' }),
    ],
    [
      'Suspended: memory. To resume it: healdeck start web-worker',
      statusOf('web-worker', { phase: 'suspended', reason: 'Suspended: memory' }),
    ],
    ['web-worker is no longer watched: nothing else will be done.', null],
  ])('%s', async (sentence, status, facts = open) => {
    expect((await compose({ facts, status, readings: [] })).text).toContain(sentence);
  });

  it('is the end of a storm', async () => {
    const until = new Date(REPORTED_AT + 290_000).toISOString();
    const pause = storyEvent(
      'healing_paused',
      { restarts: 20, windowSeconds: 60, untilAt: until },
      { watch: null, incident: null },
    );
    expect((await compose(reported(messageFactsOf([pause])))).text).toContain(
      'Healing resumes at 22:10:02 (in 4 min 50 s), or at once by: healdeck reset-cooldown --all',
    );
  });
});

describe("templates of one's own", () => {
  const own = (templates: Partial<Templates>): Partial<ComposerSources> => ({
    templates: () => ({ subject: null, text: null, html: null, ...templates }),
  });

  it.each(['subject', 'text', 'html'] as const)('the shipped one for %s is right', (part) => {
    expect(templateProblems(part, SHIPPED[part])).toEqual([]);
  });

  it('replace the shipped ones', async () => {
    const html = '<b>{{summary}}</b>{{#chart}}<img src="{{src}}">{{/chart}}';
    const message = await compose(
      STORIES.crash,
      own({ subject: '{{watch}} @ {{machine}}', text: '{{#facts}}{{label}};{{/facts}}', html }),
    );
    expect(message.subject).toBe('web-worker @ kiosk-3');
    expect(message.text).toBe('Process;Signal;Uptime;Policy;Still running;');
    expect(message.html).toBe(
      '<b>web-worker crashed (SIGSEGV), restarted after 112 ms</b><img src="cid:chart@healdeck">',
    );
  });

  it('that are broken give way to the shipped ones, with a note', async () => {
    const message = await compose(STORIES.crash, own({ subject: '{{nothing}}', html: '{{#facts}}' }));
    expect(message.subject).toBe('[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms');
    expect(message.text).toContain('mail.subjectTemplate: line 1: no variable is called {{nothing}}');
    expect(seen(message.html)).toContain('mail.htmlTemplate: line 1: expected {{/facts}}');
  });

  it('that leave the subject empty give way to the shipped one', async () => {
    expect((await compose(STORIES.crash, own({ subject: '{{note}}' }))).subject).toContain('web-worker crashed');
  });

  it('are previewed before they are saved, with pictures in the text', async () => {
    const composer = createComposer(storySources(STORIES.crash));
    const preview = await composer.preview(STORIES.crash.facts, { subject: 'x {{watch}}', text: null, html: null });
    expect(preview.subject).toBe('x web-worker');
    expect(preview.html).toMatch(/src="data:image&#x2F;png;base64,iVBOR/);
    await expect(
      composer.preview(STORIES.crash.facts, { subject: null, text: '{{wach}}', html: null }),
    ).rejects.toThrow(
      new Refusal('invalid', 'mail.textTemplate: line 1: no variable is called {{wach}}; did you mean: {{watch}}'),
    );
  });

  it('begin with the shipped ones and a list of what they may say', () => {
    const { standard, variables } = createComposer(storySources(STORIES.crash)).kit();
    expect(standard.subject.trim()).toBe('[{{machine}}] {{summary}}');
    expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining(['summary', 'chart.alt', '#timeline']));
  });

  it('are previewed with a made-up incident when there is none', async () => {
    const { subject, text, html } = await createComposer(storySources(STORIES.digest)).preview(null, null);
    expect(subject).toBe('[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms');
    expect(text).toContain('postgres://•••@db.internal/shop');
    expect(html).toContain('data:image&#x2F;png');
  });
});

describe('whatever processes say', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '\r\nBcc: eve@example.org\r\n\r\n<p>',
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '{{{summary}}}{{#facts}}',
      '\u202egnp.exe\u2066',
      '\u001b]0;title\u0007\u001b[2J',
      'x'.repeat(5000),
      '\ud800',
      '$& $1 $$',
    ),
  );
  const storyWith = (word: string): Story => {
    const events = [
      crash({ signal: word, policy: word as RestartPolicy, stderrTail: [word, word] }, { watch: word, message: word }),
      restart({}, { watch: word, message: `${word} restarted` }),
      storyEvent(
        'killed',
        { actor: 'engine', reason: word, pids: [], forced: [], survivors: [] },
        { id: 4713, watch: word, message: word },
      ),
    ];
    const facts = messageFactsOf(events, { watch: word, incident: incidentsOf(events)[0] ?? null });
    return { facts, status: statusOf(word, { phase: 'failed', reason: word }), readings: [] };
  };
  /** What lies outside of texts: the same for any word, save how many lines it has. */
  const frame = (html: string): string => (html.match(/<[^>]*>/g) ?? []).join('').replace(/<br>| alt="[^"]*"/g, '');

  it('is one line of a subject, no markup, and nothing for a terminal', { timeout: 30_000 }, async () => {
    const calm = frame((await compose(storyWith('calm'), { hostname: 'calm', howToOpen: () => 'calm' })).html);
    await fc.assert(
      fc.asyncProperty(
        hostile.filter((word) => word.trim() !== ''),
        async (word) => {
          const { subject, text, html } = await compose(storyWith(word), { hostname: word, howToOpen: () => 'calm' });
          expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(Array.from(subject).length).toBeLessThanOrEqual(MAX_SUBJECT);
          expect(subject).not.toBe('');
          expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(html).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(frame(html)).toBe(calm);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never shows a secret', async () => {
    const secret = 'c4nary-Pa$$w0rd/<&>';
    const story = storyWith(
      `login ${secret} ${Buffer.from(`ada:${secret}`).toString('base64')} ${encodeURIComponent(secret)}`,
    );
    const { subject, text, html, pictures } = await compose(story, {
      hostname: secret,
      howToOpen: () => secret,
      secretValues: () => [secret],
    });
    const all = [subject, text, seen(html), ...pictures.map(({ alt }) => alt)].join('\n');
    expect(all).not.toContain('c4nary');
    expect(all).not.toContain(Buffer.from('c4nary').toString('base64').slice(0, 6));
    expect(all).toContain('•••');
  });
});
