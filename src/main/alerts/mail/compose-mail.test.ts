import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';
import { mailMessage } from '../testing/alert-message';
import { nastyText } from '../testing/nasty-text';
import { composeMail } from './compose-mail';

const from = { name: 'Healdeck', address: 'healdeck@example.org' };
const to = { name: '', address: 'ada@example.org' };

/** Names of the headers, sorted. */
function headerNames(raw: string): readonly string[] {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
  return head
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .map((line) => line.slice(0, line.indexOf(':')))
    .sort();
}

const HEADERS = [
  'Auto-Submitted',
  'Content-Type',
  'Date',
  'From',
  'Importance',
  'MIME-Version',
  'Message-ID',
  'Subject',
  'To',
  'X-Auto-Response-Suppress',
  'X-Healdeck-Host',
  'X-Healdeck-Incident',
  'X-Healdeck-Kind',
  'X-Healdeck-Severity',
  'X-Healdeck-Watch',
  'X-Priority',
];

it("has the headers of a machine's mail, and no others, whatever is in the texts", async () => {
  const nasty = fc.oneof(
    nastyText({ minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      '\r\nBcc: eve@example.org',
      'a\nX-Evil: 1',
      '\r\n\r\n<script>',
      '=?UTF-8?Q?=0D=0ABcc:_eve?=',
      '\u2028x',
    ),
    nastyText({ minLength: 200, maxLength: 300 }),
  );
  const visible = nasty.filter((text) => /[^\p{C}\p{Z}\s]/u.test(text));
  await fc.assert(
    fc.asyncProperty(visible, visible, visible, nasty, async (subject, watch, hostname, name) => {
      const message = mailMessage({ subject, watch, hostname });
      const { raw, envelope } = await composeMail(message, { ...from, name }, { ...to, name });
      expect(headerNames(raw.toString('utf8'))).toEqual(HEADERS);
      expect(envelope).toEqual({ from: from.address, to: to.address });
      const mail = await simpleParser(raw);
      expect(mail.to).toMatchObject({ value: [{ address: to.address }] });
      expect(mail.from).toMatchObject({ value: [{ address: from.address }] });
      expect(mail.cc ?? mail.bcc).toBeUndefined();
      expect(mail.subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 60 },
  );
});

it('keeps the subject and the names as they are', async () => {
  const subject = `[kiosk-3] Grüße: „wéb-worker“ 🔥 ${'long '.repeat(40)}end`;
  const { raw } = await composeMail(mailMessage({ subject }), from, { name: 'Löwe, Ada', address: 'ada@exämple.org' });
  const mail = await simpleParser(raw);
  expect(mail.subject).toBe(subject);
  expect(mail.to).toMatchObject({ value: [{ name: 'Löwe, Ada' }] });
});

it('has pictures inside of its HTML, and files attached', async () => {
  const { raw } = await composeMail(mailMessage(), from, to);
  const { attachments } = await simpleParser(raw);
  expect(
    attachments.map(({ filename, contentType, contentDisposition, related }) => ({
      ...{ filename, contentType, contentDisposition, related: related === true },
    })),
  ).toEqual([
    { filename: 'chart.png', contentType: 'image/png', contentDisposition: 'inline', related: true },
    {
      ...{ filename: 'last-words-wéb worker.txt', contentType: 'text/plain', contentDisposition: 'attachment' },
      related: false,
    },
  ]);
  expect(attachments[1]?.content.toString('utf8')).toBe('Process 81 (jävä)\n');
});

it('gives the wire the domain in ASCII', async () => {
  const { envelope } = await composeMail(mailMessage(), from, { name: '', address: 'ada@exämple.org' });
  expect(envelope.to).toBe('ada@xn--exmple-cua.org');
});

it('is important when it is critical only, and names an incident only when it is about one', async () => {
  const { raw } = await composeMail(mailMessage({ severity: 'high', incident: null, watch: null }), from, to);
  expect(headerNames(raw.toString('utf8'))).toEqual(
    HEADERS.filter((name) => !['Importance', 'X-Priority', 'X-Healdeck-Incident', 'X-Healdeck-Watch'].includes(name)),
  );
});
