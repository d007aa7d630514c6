import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertBodySchema } from '../../../shared/model/alert';
import { alertMessage } from '../testing/alert-message';
import { alertBody } from './alert-body';
import { discordBody, slackBody, teamsBody } from './chat-bodies';

interface Slack {
  text: string;
  blocks: [{ text: { text: string } }, { text: { text: string } }, { elements: [{ text: string }] }];
}
interface Discord {
  content: string;
  embeds: [{ title: string; description: string; color: number; timestamp: string; footer: { text: string } }];
  allowed_mentions: { parse: string[] };
}
interface Teams {
  type: string;
  attachments: [{ contentType: string; content: { body: { spacing?: string; inlines: [{ text: string }] }[] } }];
}

const slack = (change = {}): Slack => slackBody(alertMessage(change)) as Slack;
const discord = (change = {}): Discord => discordBody(alertMessage(change)) as Discord;
const teams = (change = {}): Teams => teamsBody(alertMessage(change)) as Teams;

/** Text as processes can make it: any letters, what chats read as markup and mentions, and much of it. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('@everyone', '@here', '<!channel>', '<@U1>', '<@&12>', '```', '&&&&', '\n', '\r\n', '<at>x</at>'),
      fc.constantFrom('wörter '.repeat(300), '💥'.repeat(2500), '<&>'.repeat(2000), '\u202e\0'.repeat(900)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('the JSON of a message', () => {
  it('keeps to its schema', () => {
    const body: unknown = JSON.parse(JSON.stringify(alertBody(alertMessage())));
    expect(alertBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      version: 1,
      id: '<incident-7.3@kiosk-3.healdeck>',
      watch: 'web-worker',
      events: [{ type: 'crash_detected', data: { signal: 'SIGSEGV' } }],
    });
  });

  it('has no pictures and nothing of the mail', () => {
    const picture = { cid: 'chart', contentType: 'image/png', base64: 'iVBORw0KGgo=', alt: 'cpu' } as const;
    const body = alertBody(alertMessage({ pictures: [picture], html: '<img>', recipient: 'ada@example.org' }));
    expect(JSON.stringify(body)).not.toMatch(/iVBOR|<img>|ada@/);
  });
});

describe('for Slack', () => {
  it('has the subject as headline and fallback, and the text in letters of one width', () => {
    expect(slack()).toMatchObject({
      text: '[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms',
      blocks: [
        { type: 'header', text: { type: 'plain_text' } },
        { text: { text: '```\nweb-worker crashed (SIGSEGV).\n\nIt was restarted after 112 ms.\n```' } },
        { elements: [{ text: 'Healdeck on kiosk-3: high, incident 7, 1 event' }] },
      ],
    });
  });

  it.each([
    ['<!channel> web', '&lt;!channel&gt; web'],
    ['<@U123> web', '&lt;@U123&gt; web'],
    ['<https://evil.example|click>', '&lt;https://evil.example|click&gt;'],
    ['a & b', 'a &amp; b'],
    ['@everyone @here @channel', '@\u200beveryone @\u200bhere @\u200bchannel'],
    ['ada@example.org', 'ada@example.org'],
  ])('%j means nothing to it', (written, sent) => {
    const body = slack({ subject: written, text: written });
    expect(body.text).toBe(sent);
    expect(body.blocks[1].text.text).toBe(`\`\`\`\n${sent}\n\`\`\``);
  });

  it('keeps to its limits, and neither cuts an entity in two nor lets one mention through', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (subject, text) => {
        const body = slack({ subject, text });
        const section = body.blocks[1].text.text;
        expect(body.blocks[0].text.text.length).toBeLessThanOrEqual(150);
        expect(section.length).toBeLessThanOrEqual(3000);
        expect(section.slice(4, -4)).not.toMatch(/[<>`]|&(?!(?:amp|lt|gt);)/);
        expect(body.text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)|@(?:everyone|here|channel)/i);
        expect(section).not.toMatch(/@(?:everyone|here|channel)/i);
      }),
    );
  });
});

describe('for Discord', () => {
  it('is one embed in the colour of its severity, and mentions nobody', () => {
    const body = discord({ severity: 'critical' });
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(body.embeds[0]).toMatchObject({
      title: '\\[kiosk-3\\] web-worker crashed \\(SIGSEGV\\), restarted after 112 ms',
      color: 0xd93025,
      timestamp: '2026-11-22T23:05:13.123Z',
      footer: { text: 'Healdeck on kiosk-3: critical, incident 7, 1 event' },
    });
  });

  it('keeps to its limits, and no text leaves its fence', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (subject, text) => {
        const { content, embeds } = discord({ subject, text, hostname: text });
        const [{ title, description, footer }] = embeds;
        expect(content.length).toBeLessThanOrEqual(2000);
        expect(title.length).toBeLessThanOrEqual(256);
        expect(description.length).toBeLessThanOrEqual(4096);
        expect(title.length + description.length + footer.text.length).toBeLessThanOrEqual(6000);
        expect(description.slice(4, -4)).not.toContain('`');
        expect(content + description).not.toMatch(/@(?:everyone|here)|<@[!&]?\d/i);
      }),
    );
  });
});

describe('for Teams', () => {
  it('is an Adaptive Card with a block for each line', () => {
    const body = teams();
    expect(body.type).toBe('message');
    expect(body.attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(body.attachments[0].content.body.map(({ spacing, inlines }) => [spacing, inlines[0].text])).toEqual([
      [undefined, '[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms'],
      ['Medium', 'web-worker crashed (SIGSEGV).'],
      ['Medium', 'It was restarted after 112 ms.'],
      [undefined, 'Healdeck on kiosk-3: high, incident 7, 1 event'],
    ]);
  });

  it('stays below 28 KB, whatever the alphabet and however many lines', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (subject, text) => {
        expect(Buffer.byteLength(JSON.stringify(teams({ subject, text, hostname: subject })))).toBeLessThan(28_000);
      }),
    );
    const lines = teams({ text: '漢\n'.repeat(5000) }).attachments[0].content.body;
    expect(lines).toHaveLength(62);
    expect(lines.at(-2)?.inlines[0].text).toBe('…');
  });
});

describe('control characters', () => {
  it.each([
    ['slack', slackBody],
    ['discord', discordBody],
    ['teams', teamsBody],
  ])('are written out for %s', (_name, build) => {
    const body = JSON.stringify(build(alertMessage({ subject: 'web\x1b[31m\u202e', text: 'a\x07b\nc' })));
    expect(body).toMatch(/x1b.*u202e/);
    expect(JSON.parse(body)).toBeTypeOf('object');
    expect(body).not.toMatch(/\u202e|\\u001b|\\u0007/);
  });
});
