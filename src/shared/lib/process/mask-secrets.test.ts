import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, secretMask } from './mask-secrets';

const byForm = secretMask([]);
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const KEY = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEowIBAAKCAQEAx',
  'b3BlbnNzaC1rZXktdjE',
  '-----END RSA PRIVATE KEY-----',
];

describe('secrets that are known by their form', () => {
  it.each([
    ['password=hunter2', 'password=•••'],
    ['DB_PASSWORD=hunter2 PORT=8080', 'DB_PASSWORD=••• PORT=8080'],
    ['token: abc123', 'token: •••'],
    ['{"password":"hun\\"ter2","user":"ada"}', '{"password":•••,"user":"ada"}'],
    ["{ clientSecret: 'abc, def', n: 1 }", '{ clientSecret: •••, n: 1 }'],
    ['GET /x?access_token=abc&page=2', 'GET /x?access_token=•••&page=2'],
    ['web --password hunter2 --port 80', 'web --password ••• --port 80'],
    ['web --api-key=k3y -v', 'web --api-key=••• -v'],
    ['(secret=a,b;c)', '(secret=•••)'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = •••'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer •••'],
    ['authorization: Basic YWRhOmh1bnRlcjI=', 'authorization: Basic •••'],
    ['sent Bearer 0123456789abcdef', 'sent Bearer •••'],
    ['Set-Cookie: sid=31d4; Path=/', 'Set-Cookie: •••'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key ••• used'],
    ['ghp_0123456789abcdefghij0123456789abcdef', '•••'],
    ['postgres://web:hunter2@db.internal/shop', 'postgres://•••@db.internal/shop'],
    ['redis://:p@ss@cache:6379', 'redis://•••@cache:6379'],
    [`jwt ${JWT}!`, 'jwt •••!'],
    ['Pwd=hunter2;Server=x', 'Pwd=•••;Server=x'],
    [KEY.join('\n'), '•••'],
    [`before\n${KEY.join('\n')}\nafter`, 'before\n•••\nafter'],
    [`${KEY.slice(0, 2).join('\n')}`, '•••'],
    [`panic:\n${KEY.slice(1).join('\n')}\nafter`, 'panic:\n•••\nafter'],
  ])('%j reads %j', (text, masked) => expect(byForm(text)).toBe(masked));

  it.each([
    'web-worker (pid 4711) crashed after 4 min 10 s: SIGSEGV',
    'PWD=/srv/shop OLDPWD=/home/ada',
    'the password is wrong',
    'Basic authentication failed for ada@example.org',
    'see https://example.org/a@b and http://[::1]:8080/',
    'secretary: none; passenger=3',
    'at Tokenizer.next (/srv/shop/tokenizer.mjs:118:9)',
    'CPU usage too high (97 % > 80 %, 3 of the last 5 readings)',
  ])('leaves %j as it is', (text) => expect(byForm(text)).toBe(text));

  // Work that grows with the square of the length would take minutes.
  it('takes a time that grows with the length only', { timeout: 60_000 }, () => {
    const parts = [
      'eyJ-',
      'password',
      'a://',
      '--x-',
      '"',
      'token:"\\',
      '-----BEGIN PRIVATE KEY-----\n',
      `${'A'.repeat(20)}\n`,
    ];
    for (const part of parts) byForm(part.repeat(200_000 / part.length));
  });
});

describe('secrets that are known by their value', () => {
  it.each([
    ['as it is', 'login with s3cr&t/p ss failed'],
    ['in a URL', `login?x=${encodeURIComponent('s3cr&t/p ss')}`],
    ['in a form', 'x=s3cr%26t%2Fp+ss'],
    ['in base64', `Zm9v ${Buffer.from('s3cr&t/p ss').toString('base64')}`],
    ['within base64', Buffer.from('ada:s3cr&t/p ss').toString('base64')],
    ['within base64 for URLs', Buffer.from('ad:s3cr&t/p ss:more').toString('base64url')],
  ])('are taken out %s', (_, text) => {
    const masked = secretMask(['s3cr&t/p ss'])(text);
    expect(masked).toContain(MASK);
    expect(Buffer.from(masked, 'base64').toString()).not.toContain('s3cr&t/p ss');
  });

  it('are taken out in the JSON of a text and line by line', () => {
    const mask = secretMask(['first line of it\nsecond "line"']);
    expect(mask(JSON.stringify({ x: 'first line of it\nsecond "line"' }))).toBe('{"x":"•••"}');
    expect(mask('… second "line" …')).toBe('… ••• …');
  });

  it('are taken out the longest first', () => expect(secretMask(['abcd', 'abcdefgh'])('x abcdefgh y')).toBe('x ••• y'));

  it('are no secrets below four characters', () => expect(secretMask(['', 'a', 'abc'])('abc a')).toBe('abc a'));

  it('never show, whatever is around them, and twice masked is once masked', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const secret = fc.string({ unit: 'binary', minLength: 4, maxLength: 30 }).filter((value) => !value.includes('•'));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(text, { maxLength: 4 }),
        (secrets, texts) => {
          const mask = secretMask(secrets);
          const masked = mask(texts.flatMap((part, index) => [part, secrets[index % secrets.length] ?? '']).join(''));
          for (const value of secrets) expect(masked).not.toContain(value);
          expect(mask(masked)).toBe(masked);
        },
      ),
    );
  });
});
