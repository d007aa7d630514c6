import { describe, expect, it } from 'vitest';
import { debuggingProblem, readLaunchOptions } from './launch-options';

const machine = {
  argv: ['electron', '.'],
  env: {},
  platform: 'linux',
  homedir: () => '/home/ann',
  isDevelopment: false,
};

describe('the options of a desktop start', () => {
  it('take the data directory from the command line, in both spellings', () => {
    expect(readLaunchOptions({ ...machine, argv: ['electron', '.', '--data-dir', '/a'] }).dataDir).toBe('/a');
    expect(readLaunchOptions({ ...machine, argv: ['electron', '--data-dir=/b', '.'] }).dataDir).toBe('/b');
  });

  it('fall back to the environment and then to the place of the platform', () => {
    expect(readLaunchOptions({ ...machine, env: { HEALDECK_DATA_DIR: '/c' } }).dataDir).toBe('/c');
    expect(readLaunchOptions(machine).dataDir).toBe('/home/ann/.config/healdeck');
  });

  it('allow no dialog where nobody could answer it, or where it was ruled out', () => {
    const env = { DISPLAY: ':1' };
    expect(readLaunchOptions(machine).dialogs).toBe(false);
    expect(readLaunchOptions({ ...machine, env }).dialogs).toBe(true);
    expect(readLaunchOptions({ ...machine, env: { ...env, HEALDECK_NO_DIALOG: '1' } }).dialogs).toBe(false);
  });

  it('load a page from another address only in a development build, and only from this machine', () => {
    const devServer = (url: string, isDevelopment = true) =>
      readLaunchOptions({ ...machine, env: { ELECTRON_RENDERER_URL: url }, isDevelopment }).devServer;
    for (const url of ['http://localhost:5173', 'http://127.0.0.1:5173/', 'http://[::1]:5173']) {
      expect(devServer(url)).toBe(url);
      expect(devServer(url, false)).toBeNull();
    }
    for (const url of ['http://example.org', 'http://localhost.example.org', 'file:///tmp/x.html', 'nonsense', ''])
      expect(devServer(url)).toBeNull();
  });
});

describe('a packaged app', () => {
  const plain = { argv: ['healdeck', '--data-dir=/a'], execArgv: [], env: { HOME: '/h' } };
  it('starts as it is', () => {
    expect(debuggingProblem(plain)).toBeNull();
  });

  it.each([
    '--inspect',
    '--inspect=0',
    '--inspect-brk',
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--js-flags=--x',
  ])('does not start with %s', (option) => {
    const name = option.replace(/=.*/, '');
    expect(debuggingProblem({ ...plain, argv: [...plain.argv, option] })).toContain(`${name} lets others`);
    expect(debuggingProblem({ ...plain, execArgv: [option] })).toContain(`${name} lets others`);
  });

  it('does not start with options for Node in its environment', () => {
    expect(debuggingProblem({ ...plain, env: { NODE_OPTIONS: '--require /tmp/x' } })).toContain('NODE_OPTIONS');
  });
});
