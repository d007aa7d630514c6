import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureElectron, findElectron } from './electron-runtime';
import { runWindow } from './run-window';
import { eventually } from '../../main/adapters/testing/children';

let appDir: string;

beforeEach(() => {
  appDir = mkdtempSync(join(tmpdir(), 'healdeck-electron-'));
  writeFileSync(join(appDir, 'package.json'), '{}');
});
afterEach(() => rmSync(appDir, { recursive: true, force: true }));

/** An installed electron package whose installer does what a test says. */
function installPackage(installer: string): string {
  const folder = join(appDir, 'node_modules', 'electron');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"electron"}');
  writeFileSync(join(folder, 'install.js'), installer);
  return folder;
}

const search = (env: Record<string, string> = {}) => ({ appDir, platform: 'linux', env });

describe('the Electron runtime', () => {
  it('is the one that was named, or an error that names it', async () => {
    const named = search({ ELECTRON_OVERRIDE_DIST_PATH: appDir });
    expect(findElectron(named)).toMatchObject({ found: false, problem: expect.stringContaining(appDir) });
    const said: string[] = [];
    expect(await ensureElectron(named, (line) => said.push(line))).toMatchObject({ found: false });
    expect(said).toEqual([]);
    writeFileSync(join(appDir, 'electron'), '');
    expect(findElectron(named)).toEqual({ found: true, executable: join(appDir, 'electron') });
  });

  it('is fetched by the installer of the electron package, once', async () => {
    const folder = installPackage(
      "const fs = require('fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', '');" +
        "fs.writeFileSync(__dirname + '/path.txt', 'electron');",
    );
    const said: string[] = [];
    const expected = { found: true, executable: join(folder, 'dist', 'electron') };
    expect(await ensureElectron(search(), (line) => said.push(line))).toEqual(expected);
    expect(await ensureElectron(search(), (line) => said.push(line))).toEqual(expected);
    expect(said).toHaveLength(1);
  });

  it('that can not be fetched is no error, but a reason', async () => {
    installPackage("console.error('x\\n  Error: getaddrinfo ENOTFOUND example.invalid'); process.exit(1);");
    expect(await ensureElectron(search(), () => {})).toEqual({
      found: false,
      problem: 'fetching it failed: Error: getaddrinfo ENOTFOUND example.invalid',
    });
  });

  it('is not looked for in vain where electron is not installed', async () => {
    expect(await ensureElectron(search(), () => {})).toEqual({
      found: false,
      problem: 'the electron package is not installed',
    });
  });
});

describe('the desktop shell', () => {
  const launch = (script: string) => {
    const executable = join(appDir, 'electron');
    writeFileSync(executable, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return runWindow({ executable, appDir, dataDir: '/data', env: process.env, sandbox: true });
  };

  it('passes its exit status on', async () => {
    expect(await launch('exit 7')).toBe(7);
    expect(await launch('kill -9 $$')).toBe(137);
    expect(await launch('test "$2" = --data-dir=/data && exit 3')).toBe(3);
  });

  it('gets the signal to end', async () => {
    const ready = join(appDir, 'ready');
    const exitCode = launch(`trap 'exit 5' TERM; touch ${ready}; while :; do sleep 0.05; done`);
    await eventually('it handles the signal', () => existsSync(ready));
    process.emit('SIGTERM');
    expect(await exitCode).toBe(5);
    expect(process.listeners('SIGTERM').some(({ name }) => name === 'onTerm')).toBe(false);
  });

  it('that does not start is an error, not a hang', async () => {
    const missing = { executable: join(appDir, 'none'), appDir, dataDir: '/d', env: {}, sandbox: true };
    await expect(runWindow(missing)).rejects.toThrow('Electron did not start');
  });
});
