import { describe, expect, it } from 'vitest';
import { chooseShell, withRuntime, type ShellFacts } from './choose-shell';
import { reasonIn } from './electron-runtime';
import { windowArguments } from './run-window';

const facts = (changes: Partial<ShellFacts> = {}): ShellFacts => ({
  ...{ headless: false, port: false, platform: 'linux', env: { DISPLAY: ':0' } },
  ...changes,
});

describe('the shell', () => {
  it('is a window where there is a display', () => {
    expect(chooseShell(facts())).toEqual({ shell: 'window' });
    expect(chooseShell(facts({ env: { WAYLAND_DISPLAY: 'wayland-0' } }))).toEqual({ shell: 'window' });
    expect(chooseShell(facts({ platform: 'darwin', env: {} }))).toEqual({ shell: 'window' });
  });

  it('is the web dashboard where there is none, and says so', () => {
    for (const env of [{}, { DISPLAY: '' }]) {
      expect(chooseShell(facts({ env }))).toMatchObject({
        ...{ shell: 'headless', fallback: true, because: expect.stringContaining('no display') },
      });
    }
  });

  it('is the web dashboard when it was asked for, which is no fallback', () => {
    expect(chooseShell(facts({ headless: true }))).toMatchObject({ shell: 'headless', fallback: false });
    expect(chooseShell(facts({ port: true }))).toMatchObject({ shell: 'headless', fallback: false });
  });

  it('is the web dashboard when there is no runtime for the window', () => {
    const missing = { found: false as const, problem: 'it could not be fetched' };
    expect(withRuntime({ shell: 'window' }, missing)).toMatchObject({
      ...{ shell: 'headless', fallback: true, because: expect.stringContaining('could not be fetched') },
    });
    expect(withRuntime({ shell: 'window' }, { found: true, executable: '/e' })).toEqual({ shell: 'window' });
  });
});

describe('the Electron runtime', () => {
  it('says in one line why it could not be fetched', () => {
    const output =
      'node:internal/x\n\nTypeError: fetch failed\n  at y\n  cause: Error: getaddrinfo ENOTFOUND example.invalid\n';
    expect(reasonIn(output)).toBe('cause: Error: getaddrinfo ENOTFOUND example.invalid');
    expect(reasonIn('x\nTypeError: fetch failed\n')).toBe('TypeError: fetch failed');
    expect(reasonIn('')).toBe('no reason was given');
    expect(reasonIn(`Error: ${'x'.repeat(1000)}`).length).toBeLessThanOrEqual(160);
  });

  it('goes without its sandbox only as root on Linux', () => {
    const launch = { appDir: '/app', dataDir: '/data', platform: 'linux' };
    expect(windowArguments({ ...launch, uid: 1000 })).toEqual(['/app', '--data-dir=/data']);
    expect(windowArguments({ ...launch, uid: 0 })).toEqual(['--no-sandbox', '/app', '--data-dir=/data']);
    expect(windowArguments({ ...launch, platform: 'darwin', uid: 0 })).not.toContain('--no-sandbox');
  });
});
