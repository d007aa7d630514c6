import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DashboardLinks } from '../api/router';
import { fakeRouter } from '../api/testing/api-client';
import { ManualClock } from '../engine/testing/manual-clock';
import { commandSpec } from '../engine/testing/test-engine';
import { runComposed } from './run';
import { eventually } from '../adapters/testing/children';

let folder: string;
let out = '';
let err = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-run-'));
  mkdirSync(join(folder, 'renderer'));
  writeFileSync(join(folder, 'renderer/index.html'), 'the dashboard');
  out = err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGHUP');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a run over a fake engine that notes why it was ended. */
function begin(changes: { port?: number; broken?: string; open?: boolean; isRoot?: boolean; terminal?: boolean } = {}) {
  const ended: string[] = [];
  let composed = 0;
  let reloaded = 0;
  let links: DashboardLinks | null = null;
  let lose: (reason: string) => void = () => undefined;
  const taken = new Promise<string>((resolve) => (lose = resolve));
  const exitCode = runComposed(
    { dataDir: folder, port: changes.port ?? null, open: changes.open ?? false, proxyOrigin: null, address: true },
    {
      clock: new ManualClock(),
      rendererDir: join(folder, 'renderer'),
      isRoot: changes.isRoot ?? false,
      terminal: changes.terminal ?? false,
      compose: () => {
        composed++;
        if (changes.broken) return Promise.reject(new Error(changes.broken));
        return Promise.resolve({
          router: fakeRouter().router,
          info: { version: '0.1.0' },
          engine: {
            note: () => undefined,
            watches: { list: () => [{ watch: { ...commandSpec(), id: 'w', revision: 1 } }] },
          },
          attachDashboard: (attached) => void (links = attached),
          reloadConfig: () => (reloaded += 1),
          taken,
          dispose: (reason) => Promise.resolve(void ended.push(reason)),
        });
      },
    },
  );
  return {
    exitCode,
    ended,
    composedTimes: () => composed,
    reloads: () => reloaded,
    newUrl: () => links?.newUrl() ?? '',
    lose,
  };
}

describe('a headless run', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'says where it is in one line, serves, and ends cleanly at %s',
    async (signal) => {
      const run = begin({ terminal: true });
      await eventually('it is ready', () => out.includes('\n'));
      expect(out).toMatch(
        new RegExp(
          `^Healdeck 0\\.1\\.0 is ready: http://127\\.0\\.0\\.1:\\d+/\\?token=[\\w-]{43} \\(data in ${folder}, pid ${process.pid}\\)\\. The address works once, within a minute; "healdeck open" prints another\\.\n$`,
        ),
      );
      expect((await fetch(run.newUrl())).status).toBe(200);
      const { origin } = new URL(run.newUrl());
      process.emit(signal);
      expect(await run.exitCode).toBe(0);
      expect(run.ended).toEqual([signal]);
      await expect(fetch(origin)).rejects.toThrow();
      expect(err).toBe('');
    },
  );

  it('opens a browser by a page that only its user can read: no address stands in an argument vector', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    // What would open a browser notes its arguments, and the page as it is then.
    const opener = `#!/bin/sh\nstat -c '%a %u' "\${1#file://}" > ${folder}/mode\ncp "\${1#file://}" ${folder}/page\necho "$@" > ${folder}/argv\n`;
    writeFileSync(join(bin, 'xdg-open'), opener, { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
    const run = begin({ open: true });
    const written = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
    await eventually('the browser was opened', () => written('argv') !== '');
    vi.unstubAllEnvs();
    const path = written('argv').trim().replace('file://', '');
    expect(path).toMatch(new RegExp(`^${folder}/open-[\\w-]{22}\\.html$`));
    expect(written('argv')).not.toContain('token');
    expect(written('mode').trim()).toBe(`600 ${process.getuid?.()}`);
    const url = /url=(http:[^"]+)"/.exec(written('page'))?.[1] ?? '';
    expect((await fetch(url)).status).toBe(200);
    await eventually('the page is removed once it was used', () => !existsSync(path));
    process.emit('SIGTERM');
    expect(await run.exitCode).toBe(0);
  });

  it('without a terminal reads its configuration again at SIGHUP, and goes on', async () => {
    const run = begin();
    await eventually('it is ready', () => out.includes('\n'));
    process.emit('SIGHUP');
    process.emit('SIGHUP');
    expect(run.reloads()).toBe(2);
    expect(run.ended).toEqual([]);
    process.emit('SIGTERM');
    expect(await run.exitCode).toBe(0);
  });

  it('of root says once what else is run as root by that', async () => {
    const run = begin({ isRoot: true });
    await eventually('it is said', () => err.includes('\n'));
    expect(err).toBe(
      'Healdeck runs as root; 1 watch starts its program as root: web. docs/security.md shows how it runs without.\n',
    );
    process.emit('SIGTERM');
    expect(await run.exitCode).toBe(0);
  });

  it('ends with status 1 when another engine has taken over its data directory', async () => {
    const run = begin();
    await eventually('it is ready', () => out.includes('\n'));
    run.lose('another engine (pid 7) has taken over');
    expect(await run.exitCode).toBe(1);
    expect(run.ended).toEqual(['another engine (pid 7) has taken over']);
    expect(err).toBe('Healdeck ends: another engine (pid 7) has taken over.\n');
  });

  it('that can not have its port starts no engine, and says which port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const run = begin({ port });
    expect(await run.exitCode).toBe(1);
    expect(err).toMatch(new RegExp(`^Healdeck did not start: port ${port} .* is in use.*\n$`));
    expect(run.composedTimes()).toBe(0);
    await new Promise((resolve) => other.close(resolve));
  });

  it('whose engine does not start says why in one line, and frees its port', async () => {
    const run = begin({ broken: 'another engine owns /data (pid 7)' });
    expect(await run.exitCode).toBe(1);
    expect(err).toBe('Healdeck did not start: another engine owns /data (pid 7)\n');
    expect(out).toBe('');
  });
});
