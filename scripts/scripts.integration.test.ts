import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsBuild, needsInstall, nodeProblem, startArguments } from './lib/project.mjs';
import { canShowWindows, findChromium, installCommand } from './lib/test-host.mjs';
import { testElectronFolder, verify } from './test-electron.mjs';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'healdeck-scripts-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A file that was changed so many seconds after some moment. */
function file(path: string, at: number, text = ''): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  utimesSync(whole, 1_000_000 + at, 1_000_000 + at);
  return whole;
}

/** A program on a PATH of its own. */
function program(name: string): void {
  chmodSync(file(`bin/${name}`, 0, '#!/bin/sh\n'), 0o755);
}

describe('npm start', () => {
  it('installs when node_modules is missing or older than the lock file', () => {
    file('package-lock.json', 1);
    expect(needsInstall(root)).toBe(true);
    file('node_modules/.package-lock.json', 2);
    expect(needsInstall(root)).toBe(false);
    file('package-lock.json', 3);
    expect(needsInstall(root)).toBe(true);
  });

  it('builds when a bundle is missing or a source is newer', () => {
    file('package-lock.json', 1);
    file('src/main/a.ts', 1);
    expect(needsBuild(root)).toBe(true);
    for (const bundle of ['main/cli.js', 'main/headless.js', 'main/electron.js', 'preload/index.js'])
      file(`out/${bundle}`, 2);
    expect(needsBuild(root)).toBe(true);
    file('out/renderer/index.html', 2);
    expect(needsBuild(root)).toBe(false);
    file('src/main/a.test.ts', 3);
    file('src/main/testing/fake.ts', 3);
    expect(needsBuild(root)).toBe(false);
    file('src/main/deep/b.ts', 3);
    expect(needsBuild(root)).toBe(true);
  });

  it('builds after npm run dev, whose bundles show pages of a development server', () => {
    for (const bundle of ['main/cli.js', 'main/headless.js', 'preload/index.js']) file(`out/${bundle}`, 2);
    file('out/renderer/index.html', 2);
    file('out/main/electron.js', 2, "'use strict';\n/* development build */");
    expect(needsBuild(root)).toBe(true);
  });

  it('as root serves the dashboard to a browser and says why, unless a window without a sandbox was asked for', () => {
    const root = { platform: 'linux', uid: 0, env: { DISPLAY: ':0' } };
    expect(startArguments(['--open'], root)).toEqual({
      ...{ args: ['--headless', '--open'], notice: expect.stringMatching(/as root.*npm start -- --no-sandbox/) },
    });
    for (const [args, machine] of [
      [['--no-sandbox'], root],
      [['--headless'], root],
      [['--port', '7710'], root],
      [[], { ...root, uid: 1000 }],
      // Without a display `healdeck run` says why there is no window.
      [[], { ...root, env: {} }],
    ] as const)
      expect(startArguments(args, machine)).toEqual({ args, notice: null });
  });

  it('says which Node it needs', () => {
    expect(nodeProblem('20.19.0')).toBeNull();
    expect(nodeProblem('22.0.0')).toBeNull();
    expect(nodeProblem('20.18.9')).toContain('needs Node.js 20.19 or newer, this is 20.18.9');
    expect(nodeProblem('18.20.0')).not.toBeNull();
  });
});

describe('what the tests need of the machine', () => {
  it('is named with the command that brings it', () => {
    const env = { PATH: join(root, 'bin') };
    expect(findChromium(env)).toBeNull();
    expect(canShowWindows(env)).toBe(process.platform !== 'linux');
    expect(installCommand(env)).not.toContain('apt-get');
    program('apt-get');
    expect(installCommand(env)).toMatch(
      /^sudo apt-get update && sudo apt-get install -y .*xvfb .*chromium-headless-shell$/,
    );
    program('chromium');
    expect(findChromium(env)).toBe(join(root, 'bin/chromium'));
    // It takes less of the processors.
    program('chromium-headless-shell');
    expect(findChromium(env)).toBe(join(root, 'bin/chromium-headless-shell'));
    expect(canShowWindows({ ...env, DISPLAY: ':1' })).toBe(true);
    program('Xvfb');
    expect(canShowWindows(env)).toBe(true);
  });

  it('can be a browser of the caller, or nothing where that is not there', () => {
    expect(findChromium({ PATH: '', HEALDECK_CHROMIUM: file('mine', 0) })).toBe(join(root, 'mine'));
    expect(findChromium({ PATH: '', HEALDECK_CHROMIUM: join(root, 'gone') })).toBeNull();
  });
});

describe('the Electron of the tests', () => {
  it('lies in the cache of the user', () => {
    expect(testElectronFolder({ XDG_CACHE_HOME: '/cache' })).toMatch(/^\/cache\/healdeck\/electron-/);
  });

  it('is refused when one byte of it is another', async () => {
    const archive = file('archive.tgz', 0, 'abc');
    const hash = 'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==';
    await expect(verify(archive, hash)).resolves.toBeUndefined();
    writeFileSync(archive, 'abd');
    await expect(verify(archive, hash)).rejects.toThrow('is not the known one');
  });
});
