import { describe, expect, it } from 'vitest';
import { readWebhookUrl } from './webhook-target';

const SECRET = 'T0KEN-canary-31337';

describe('the address of a webhook', () => {
  it.each([
    [`https://hooks.example.org/services/${SECRET}`, 'hooks.example.org'],
    [`https://hooks.example.org:8443/a?key=${SECRET}`, 'hooks.example.org:8443'],
    [`  https://hooks.example.org/${SECRET}\n`, 'hooks.example.org'],
    [`http://localhost:9000/${SECRET}`, 'localhost:9000'],
    [`http://127.0.0.1/${SECRET}`, '127.0.0.1'],
    [`http://127.8.9.10/${SECRET}`, '127.8.9.10'],
    [`http://[::1]:9000/${SECRET}`, '[::1]:9000'],
  ])('%j is good', (address, host) => {
    expect(readWebhookUrl(address)).toMatchObject({ ok: true, target: { host, authorization: null } });
  });

  it.each([
    `http://hooks.example.org/${SECRET}`,
    `http://127.0.0.1.example.org/${SECRET}`,
    `http://app.localhost/${SECRET}`,
    `http://[::ffff:10.0.0.1]/${SECRET}`,
    `ftp://hooks.example.org/${SECRET}`,
    `javascript:${SECRET}`,
    `hooks.example.org/${SECRET}`,
    'https://',
    '',
  ])('%j is refused, and the reason does not repeat it', (address) => {
    const read = readWebhookUrl(address);
    expect(read).toMatchObject({ ok: false, problem: { step: 'configuration', temporary: false } });
    expect(JSON.stringify(read)).not.toContain(SECRET);
  });

  it('gives user and password to a header', () => {
    const read = readWebhookUrl('https://ada:p%40ss@hooks.example.org/x');
    expect(read).toMatchObject({
      ok: true,
      target: { url: 'https://hooks.example.org/x', authorization: `Basic ${btoa('ada:p@ss')}` },
    });
  });
});
