import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEnvLines, parseEnvLines } from './env-lines';

describe('environment lines', () => {
  it('reads KEY=VALUE, skips comments and empty lines, keeps = and spaces in values', () => {
    expect(parseEnvLines('# port\nPORT=8080\n\nOPTS= a=b ')).toEqual({
      ok: true,
      env: { PORT: '8080', OPTS: ' a=b ' },
      hiddenEnv: [],
    });
  });

  it('names what is hidden, and reads a new value in its place', () => {
    const text = formatEnvLines({ PORT: '80' }, ['API_KEY']);
    expect(text).toBe('PORT=80\nAPI_KEY=•••');
    expect(parseEnvLines(text)).toEqual({ ok: true, env: { PORT: '80' }, hiddenEnv: ['API_KEY'] });
    expect(parseEnvLines('API_KEY=new\nX=•••y')).toEqual({
      ok: true,
      env: { API_KEY: 'new', X: '•••y' },
      hiddenEnv: [],
    });
  });

  it.each(['PORT', '=1', 'A=1\nA=2'])('says which line of %j is wrong', (text) => {
    expect(parseEnvLines(text)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^line \d: expected/) as string,
    });
  });

  it('reads back what it wrote', () => {
    const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]*$/).filter((name) => name !== '__proto__');
    const value = fc.string().filter((text) => !/[\n\r]/.test(text));
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (env) => {
        expect(parseEnvLines(formatEnvLines(env))).toEqual({ ok: true, env, hiddenEnv: [] });
      }),
    );
  });
});
