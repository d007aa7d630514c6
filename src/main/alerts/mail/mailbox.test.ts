import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nastyText } from '../testing/nasty-text';
import { parseMailbox, splitMailboxes } from './mailbox';

it.each([
  ['ada@example.org', { name: '', address: 'ada@example.org' }],
  ['<ada@example.org>', { name: '', address: 'ada@example.org' }],
  ['Ada Lovelace <ada@example.org>', { name: 'Ada Lovelace', address: 'ada@example.org' }],
  ['"Lovelace, Ada" <ada@example.org>', { name: 'Lovelace, Ada', address: 'ada@example.org' }],
  ['ada@example.org eve@example.org', null],
  ['Ada ada@example.org', null],
  ['ada@example.org (Ada)', null],
  ['Ops: ada@example.org;', null],
  ['ada', null],
  ['', null],
  ['ada@example.org, eve@example.org', null],
  ['Ada <ada@example.org> <eve@example.org>', null],
  ['Ada\r\nBcc: eve@example.org <ada@example.org>', null],
  ['Ada \u202e <ada@example.org>', null],
])('reads %j', (text, mailbox) => {
  expect(parseMailbox(text)).toEqual(mailbox);
});

it('splits lists at commas and blanks, but never inside a name', () => {
  expect(splitMailboxes('a@x.org b@x.org,c@x.org; Ada Lovelace <ada@x.org> , d@x.org')).toEqual([
    'a@x.org',
    'b@x.org',
    'c@x.org',
    'Ada Lovelace <ada@x.org>',
    'd@x.org',
  ]);
  expect(splitMailboxes('"Lovelace, Ada" <ada@x.org> eve@x.org, ada')).toEqual([
    '"Lovelace, Ada" <ada@x.org>',
    'eve@x.org',
    'ada',
  ]);
  expect(splitMailboxes('Ada <ada@x.org> Eve <eve@x.org>')).toEqual(['Ada <ada@x.org>', 'Eve <eve@x.org>']);
  expect(splitMailboxes(' , ')).toEqual([]);
});

it('gives an address that is one word with one @, or nothing', () => {
  fc.assert(
    fc.property(nastyText({ maxLength: 30 }), (text) => {
      const mailbox = parseMailbox(text);
      return mailbox === null || /^[^\s<>@,;]+@[^\s<>@,;]+$/.test(mailbox.address);
    }),
  );
});
