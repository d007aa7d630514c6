import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readSecret } from './secret-input';

function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  let said = '';
  const secret = readSecret({ input, prompt: (text) => void (said += text) }, 'Value: ');
  return { input, secret, said: () => said };
}

describe('a secret', () => {
  it('is one line on a terminal, which is asked for and not shown', async () => {
    const { input, secret, said } = terminal();
    input.write('canarx\u007fy\r');
    expect(await secret).toBe('canary');
    expect(said()).toBe('Value: \n');
  });

  it.each(['\u0003', '\u0004'])('that is not given changes nothing (%j)', async (key) => {
    const { input, secret } = terminal();
    input.write(key);
    await expect(secret).rejects.toThrow('nothing was changed');
  });

  it.each([
    ['canary', 'canary'],
    ['canary\n', 'canary'],
    ['canary\r\n', 'canary'],
    [' two\nlines \n\n', ' two\nlines \n'],
    ['grüße', 'grüße'],
  ])('is all of a pipe but the last line break: %j', async (written, secret) => {
    const input = new PassThrough();
    const bytes = Buffer.from(written);
    input.write(bytes.subarray(0, 3));
    input.end(bytes.subarray(3));
    expect(await readSecret({ input, prompt: () => undefined }, '')).toBe(secret);
  });
});
