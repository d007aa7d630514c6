import { describe, expect, it } from 'vitest';
import { chooseShell, withRuntime, type ShellFacts } from './choose-shell';
import { oldRuntimeText, reasonIn } from './electron-runtime';
import { windowArguments } from './run-window';

const facts = (changes: Partial<ShellFacts> = {}): ShellFacts => ({
  ...{ headless: false, port: false, noSandbox: false, uid: 1000, platform: 'linux', env: { DISPLAY: ':0' } },
  ...changes,
});

describe('the shell', () => {
  it('is a window where there is a display', () => {
    expect(chooseShell(facts())).toEqual({ shell: 'window', sandbox: true });
    expect(chooseShell(facts({ env: { WAYLAND_DISPLAY: 'wayland-0' } }))).toEqual({ shell: 'window', sandbox: true });
    expect(chooseShell(facts({ platform: 'darwin', env: {} }))).toEqual({ shell: 'window', sandbox: true });
  });

  it('is no window as root, unless one without a sandbox was asked for', () => {
    expect(chooseShell(facts({ uid: 0 }))).toMatchObject({
      ...{ shell: 'refused', reason: expect.stringMatching(/--headless.*--no-sandbox/) },
    });
    expect(chooseShell(facts({ uid: 0, noSandbox: true }))).toEqual({ shell: 'window', sandbox: false });
    expect(chooseShell(facts({ uid: 0, headless: true }))).toMatchObject({ shell: 'headless', fallback: false });
    expect(chooseShell(facts({ uid: 0, env: {} }))).toMatchObject({ shell: 'headless', fallback: true });
    expect(chooseShell(facts({ uid: 0, platform: 'darwin' }))).toEqual({ shell: 'window', sandbox: true });
  });

  it('is the web dashboard where there is none, and says so', () => {
    for (const env of [{}, { DISPLAY: '' }]) {
      expect(chooseShell(facts({ env }))).toMatchObject({
        ...{ shell: 'headless', fallback: true, reason: expect.stringContaining('no display') },
      });
    }
  });

  it('is the web dashboard when it was asked for, which is no fallback', () => {
    expect(chooseShell(facts({ headless: true }))).toMatchObject({ shell: 'headless', fallback: false });
    expect(chooseShell(facts({ port: true }))).toMatchObject({ shell: 'headless', fallback: false });
  });

  it('is the web dashboard when there is no runtime for the window', () => {
    const missing = { found: false as const, problem: 'it could not be fetched' };
    expect(withRuntime({ shell: 'window', sandbox: true }, missing)).toMatchObject({
      ...{ shell: 'headless', fallback: true, reason: expect.stringContaining('could not be fetched') },
    });
    expect(withRuntime({ shell: 'window', sandbox: true }, { found: true, executable: '/e' })).toEqual({
      shell: 'window',
      sandbox: true,
    });
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

  it('goes without its sandbox only when it was asked to', () => {
    const launch = { appDir: '/app', dataDir: '/data' };
    expect(windowArguments({ ...launch, sandbox: true })).toEqual(['/app', '--data-dir=/data']);
    expect(windowArguments({ ...launch, sandbox: false })).toEqual(['--no-sandbox', '/app', '--data-dir=/data']);
  });

  it('is warned of when it is of an older release than the one that Healdeck is made for', () => {
    expect(oldRuntimeText('25.1.1', '45.4.1')).toContain('is 25.1.1; Healdeck is made for 45.4.1');
    for (const version of ['45.0.0', '46.0.0-beta.1', 'unknown']) expect(oldRuntimeText(version, '45.4.1')).toBeNull();
  });
});
