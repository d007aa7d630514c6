import { describe, expect, it } from 'vitest';
import { readLaunchOptions } from './launch-options';

const machine = { argv: ['electron', '.'], env: {}, platform: 'linux', homedir: '/home/ann', isPackaged: false };

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

  it('never load a page from another address in a packaged app', () => {
    const env = { ELECTRON_RENDERER_URL: 'http://localhost:5173' };
    expect(readLaunchOptions({ ...machine, env }).devServer).toBe('http://localhost:5173');
    expect(readLaunchOptions({ ...machine, env, isPackaged: true }).devServer).toBeNull();
  });
});
