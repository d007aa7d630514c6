import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nastyText } from '../testing/nasty-text';
import { readableReply } from './smtp-reply';

it('is one line of what the server said', () => {
  expect(readableReply('550-5.1.1 No such user\r\n550 5.1.1 here\u001b[31m', null)).toBe(
    '550-5.1.1 No such user here\\x1b[31m',
  );
  expect(Array.from(readableReply(`250 ${'x'.repeat(1000)}`, null))).toHaveLength(300);
});

it('never holds the password, in whatever form the server repeats it', () => {
  const word = nastyText({ minLength: 3, maxLength: 40 }).filter((text) => text.trim() === text);
  fc.assert(
    fc.property(word, word, fc.nat(4), (user, password, form) => {
      const base64 = (text: string): string => Buffer.from(text).toString('base64');
      const forms = [
        password,
        base64(password),
        base64(`\0${user}\0${password}`),
        base64(`${user}\0${user}\0${password}`),
        base64(password).replace(/=+$/, ''),
      ];
      const said = forms[form] ?? '';
      const reply = readableReply(`501 unknown: <${said}>`, { user, password });
      expect(reply).toMatch(/^501 unknown: <.*>$/);
      // What is left of the frame may hold a password that is part of it.
      if (!'501 unknown: <•••>'.includes(said)) expect(reply).not.toContain(said);
    }),
  );
});
