import type { Severity } from '../../../shared/model/event';
import type { AlertMessage } from '../message';
import { chatLine, chatText, fit } from './chat-text';
import { plural } from '../../../shared/lib/format/values';

/** Red, orange, yellow, blue: what a chat paints beside a message. */
const COLOURS: Readonly<Record<Severity, number>> = {
  critical: 0xd93025,
  high: 0xe8710a,
  warning: 0xf2c037,
  info: 0x2f81f7,
};

/** https://docs.slack.dev/reference/block-kit/blocks: a header has 150 characters, a section 3,000; the fallback we keep short. */
const SLACK = { fallback: 1000, header: 150, section: 3000, context: 1000 } as const;
/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits; all of an embed together: 6,000. */
const DISCORD = { content: 2000, title: 256, description: 4096, footer: 1000 } as const;
/** Teams refuses a post above 28 KB: this many code units and lines stay below it in any alphabet. */
const TEAMS = { title: 300, text: 4000, lines: 60, footer: 300 } as const;

const FENCE = '```';

/**
 * For incoming webhooks of Slack, Mattermost and Rocket.Chat. Only `&`, `<` and `>` have a meaning in it; escaped, neither
 * `<!channel>` nor `<@U1>` nor a link is one (https://docs.slack.dev/messaging/formatting-message-text).
 */
export function slackBody(message: AlertMessage): object {
  const subject = chatLine(message.subject);
  return {
    text: fit(subject, SLACK.fallback, slackEntity),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: fit(subject, SLACK.header), emoji: false } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: fenced(message.text, SLACK.section, slackEntity) },
      },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: fit(footer(message), SLACK.context, slackEntity) }],
      },
    ],
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** For webhooks of Discord. `allowed_mentions` keeps it from notifying everybody; text within a fence has no markup. */
export function discordBody(message: AlertMessage): object {
  const subject = chatLine(message.subject);
  return {
    content: fit(subject, DISCORD.content, discordEscape),
    embeds: [
      {
        title: fit(subject, DISCORD.title, discordEscape),
        description: fenced(message.text, DISCORD.description),
        color: COLOURS[message.severity],
        timestamp: message.createdAt,
        footer: { text: fit(footer(message), DISCORD.footer) },
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

/**
 * For a Teams workflow “when a webhook request is received”: an Adaptive Card as the attachment of a message. The runs of a
 * RichTextBlock have no markup, and without `msteams.entities` nobody is mentioned; a line break is a block of its own.
 */
export function teamsBody(message: AlertMessage): object {
  const lines = fit(chatText(message.text).trim(), TEAMS.text).split('\n');
  const shown = lines.length > TEAMS.lines ? [...lines.slice(0, TEAMS.lines - 1), '…'] : lines;
  const line = (text: string, spacing: 'None' | 'Medium'): object => ({
    type: 'RichTextBlock',
    spacing,
    inlines: [{ type: 'TextRun', text, fontType: 'Monospace', size: 'Small' }],
  });
  const run = (text: string, style: object): object => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...style }],
  });
  const body = [
    run(fit(chatLine(message.subject), TEAMS.title), {
      weight: 'Bolder',
      size: 'Medium',
      color: message.severity === 'info' ? 'Accent' : message.severity === 'warning' ? 'Warning' : 'Attention',
    }),
    ...shown.flatMap((text, index) => (text === '' ? [] : [line(text, shown[index - 1] ? 'None' : 'Medium')])),
    run(fit(footer(message), TEAMS.footer), { isSubtle: true, size: 'Small' }),
  ];
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body,
        },
      },
    ],
  };
}

/** Where it comes from, how bad it is, what it is about. */
function footer({ hostname, severity, incident, eventCount }: AlertMessage): string {
  const story = incident === null ? '' : `, incident ${incident}`;
  return chatLine(`Healdeck on ${hostname}: ${severity}${story}, ${plural(eventCount, 'event')}`);
}

/** A block of plain letters that the text can't close. */
function fenced(text: string, limit: number, encode?: (character: string) => string): string {
  const kept = chatText(text).trim().replaceAll('`', 'ˋ');
  return `${FENCE}\n${fit(kept, limit - 2 * FENCE.length - 2, encode)}\n${FENCE}`;
}

function slackEntity(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  return character === '>' ? '&gt;' : character;
}

function discordEscape(character: string): string {
  return /[\\`*_~|<>#[\]()]/.test(character) ? `\\${character}` : character;
}
