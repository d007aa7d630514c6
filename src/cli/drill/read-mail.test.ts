import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMail } from '../../main/alerts/mail/compose-mail';
import { mailMessage } from '../../main/alerts/testing/alert-message';
import { readMail } from './read-mail';

async function sent(more: Parameters<typeof mailMessage>[0]): Promise<Buffer> {
  const from = { name: 'Healdeck drill', address: 'healdeck@drill.invalid' };
  return (await composeMail(mailMessage(more), from, { name: '', address: 'operator@drill.invalid' })).raw;
}

describe('a mail that Healdeck wrote', () => {
  it.each([
    ['plain words', 'crash restarted as pid 4711, 7 ms after it went down'],
    ['other signs between them', 'CPU  ▁▂▃▅█ 97 % – “too much”'],
    ['nothing but other signs', '▁▂▃▅█ プロセス'.repeat(20)],
    ['a line longer than mails have', `Killed ${'web-worker '.repeat(200)}=3D=`],
    ['blanks at the end of a line', 'a  \n  b\t\n'],
  ])('is read as it was meant: %s', async (_, text) => {
    const subject = `[host] ${text.trim().replace(/\s+/g, ' ').slice(0, 190)}`;
    const mail = await readMail(await sent({ subject, text, watch: 'größer', kind: 'update' }));
    expect(mail).toEqual({ subject, watch: 'größer', isDigest: false, text: expect.anything() });
    expect(mail.text.trimEnd()).toBe(text.trimEnd());
  });

  it('keeps every text', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        const text = lines.join('\n');
        expect((await readMail(await sent({ text }))).text.trimEnd()).toBe(text.trimEnd());
      }),
      { numRuns: 60 },
    );
  });

  it('is about no single watch when it is a digest', async () => {
    expect(await readMail(await sent({ watch: null, kind: 'digest' }))).toMatchObject({ watch: null, isDigest: true });
  });
});

it('reads nothing out of what is no mail', async () => {
  const nothing = { subject: '', watch: null, isDigest: false, text: '' };
  expect(await readMail(Buffer.from(''))).toEqual(nothing);
  expect(await readMail(Buffer.from('Content-Type: multipart/mixed; boundary=x\r\n\r\nno part'))).toEqual(nothing);
});
