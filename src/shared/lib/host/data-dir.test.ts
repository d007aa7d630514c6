import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultDataDir, socketPath, SocketPathTooLongError } from './data-dir';

const linux = { platform: 'linux', env: {}, homedir: () => '/home/ada' };

describe('the data directory', () => {
  it('is where the command line says, then where the environment says', () => {
    const env = { HEALDECK_DATA_DIR: '/srv/env', XDG_CONFIG_HOME: '/xdg', APPDATA: 'C:\\Roaming' };
    for (const platform of ['linux', 'darwin', 'win32']) {
      expect(defaultDataDir({ platform, env, homedir: () => '/h', explicit: 'here' })).toBe('here');
      expect(defaultDataDir({ platform, env, homedir: () => '/h' })).toBe('/srv/env');
    }
  });

  it('follows the XDG specification on Linux', () => {
    expect(defaultDataDir(linux)).toBe('/home/ada/.config/healdeck');
    expect(defaultDataDir({ ...linux, env: { XDG_CONFIG_HOME: '/xdg/' } })).toBe('/xdg/healdeck');
    expect(defaultDataDir({ ...linux, env: { XDG_CONFIG_HOME: 'relative' } })).toBe('/home/ada/.config/healdeck');
    expect(defaultDataDir({ ...linux, env: { XDG_CONFIG_HOME: '', HEALDECK_DATA_DIR: '' } })).toBe(
      '/home/ada/.config/healdeck',
    );
  });

  it('is at home on macOS and Windows', () => {
    expect(defaultDataDir({ ...linux, platform: 'darwin', homedir: () => '/Users/ada' })).toBe(
      '/Users/ada/Library/Application Support/healdeck',
    );
    const windows = { platform: 'win32', homedir: () => 'C:\\Users\\ada' };
    expect(defaultDataDir({ ...windows, env: { APPDATA: 'D:\\Roaming' } })).toBe('D:\\Roaming\\healdeck');
    expect(defaultDataDir({ ...windows, env: {} })).toBe('C:\\Users\\ada\\AppData\\Roaming\\healdeck');
  });
});

describe('the socket', () => {
  it('lies in the data directory', () => {
    expect(socketPath('/home/ada/.config/healdeck/', 'linux')).toBe('/home/ada/.config/healdeck/engine.sock');
  });

  it('fits the system, counted in bytes, or is refused in words', () => {
    const longest = `/${'d'.repeat(107 - 1 - '/engine.sock'.length)}`;
    expect(Buffer.byteLength(socketPath(longest, 'linux'))).toBe(107);
    expect(() => socketPath(`${longest}d`, 'linux')).toThrow(
      /has 108 bytes, the system allows 107.*shorter --data-dir/,
    );
    expect(() => socketPath(longest, 'darwin')).toThrow(SocketPathTooLongError);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 130 }), (name) => {
        const dir = `/${name}`;
        let path: string | null = null;
        try {
          path = socketPath(dir, 'linux');
        } catch (error) {
          expect(error).toBeInstanceOf(SocketPathTooLongError);
        }
        const wanted = `${dir.replace(/\/+$/, '')}/engine.sock`;
        expect(path).toBe(Buffer.byteLength(wanted) <= 107 ? wanted : null);
      }),
    );
  });

  it('is a named pipe on Windows: one for each directory, the same for each spelling of it', () => {
    const pipe = socketPath('C:\\Users\\Ada\\healdeck', 'win32');
    expect(pipe).toMatch(/^\\\\\.\\pipe\\healdeck-[0-9a-f]{16}$/);
    expect(socketPath('c:/users/ada/healdeck/', 'win32')).toBe(pipe);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,20}$/), fc.stringMatching(/^[a-z0-9]{1,20}$/), (a, b) => {
        expect(socketPath(`C:\\${a}`, 'win32') === socketPath(`C:\\${b}`, 'win32')).toBe(a === b);
      }),
    );
  });
});
