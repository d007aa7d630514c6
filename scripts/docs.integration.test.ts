import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookSignature } from '../src/main/alerts/channels/webhook';
import {
  addAttempt,
  countFailures,
  NO_ATTEMPTS,
  type AttemptWindow,
  type Counted,
} from '../src/main/engine/probes/attempt-window';
import { SETTINGS } from '../src/shared/model/settings';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');
const MARKDOWN = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`),
  ...['demo', 'bench', 'bench/sampling', 'bench/restart', 'bench/ports', 'bench/ui', 'resources'].map(
    (folder) => `${folder}/README.md`,
  ),
].filter((file) => existsSync(join(ROOT, file)));

describe.each(MARKDOWN)('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('links only to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
    const missing = links.filter((link) => !existsSync(resolve(ROOT, dirname(file), link)));
    expect(missing).toEqual([]);
  });

  it('has the apostrophe that all texts have', () => {
    expect([...text.matchAll(/.{0,20}[\u2018\u2019]/g)].map(String)).toEqual([]);
  });

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([a-z:\d-]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('docs/alerts.md', () => {
  const text = readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8');

  it('names only commands that there are', async () => {
    const { stdout } = await run('node', ['bin/healdeck.js', '--help'], { cwd: ROOT });
    const named = [...text.matchAll(/npx healdeck ([a-z-]+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !new RegExp(`^  ${name}\\b`, 'm').test(stdout))).toEqual([]);
  });

  it('names only settings that there are', () => {
    const named = [...text.matchAll(/`((?:alerts|mail|webhook|command|desktop)\.[A-Za-z]+)/g)].map(
      (match) => match[1] ?? '',
    );
    const secrets = ['mail.password', 'webhook.url', 'webhook.key'];
    expect(named.filter((name) => !(name in SETTINGS) && !secrets.includes(name))).toEqual([]);
  });

  it('checks the signature of a web hook as it is made', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isFromHealdeck(headers: Record<string, string>, body: string, key: string): boolean;
    };
    const headers = { 'x-healdeck-signature': webhookSignature('{"a":1}', 'key', Date.now()) };
    expect(module.isFromHealdeck(headers, '{"a":1}', 'key')).toBe(true);
    expect(module.isFromHealdeck(headers, '{"a":2}', 'key')).toBe(false);
    expect(module.isFromHealdeck(headers, '{"a":1}', 'other')).toBe(false);
    const old = { 'x-healdeck-signature': webhookSignature('{"a":1}', 'key', Date.now() - 3_600_000) };
    expect(module.isFromHealdeck(old, '{"a":1}', 'key')).toBe(false);
  });
});

describe('docs/health.md', () => {
  const text = readFileSync(join(ROOT, 'docs/health.md'), 'utf8');

  it('names only options that there are', async () => {
    const help = await Promise.all(
      ['add', 'edit', 'start', 'graph', 'next', 'probe', 'backtest'].map((command) =>
        run('node', ['bin/healdeck.js', command, '--help'], { cwd: ROOT }),
      ),
    );
    const known = help.flatMap(({ stdout }) => [...stdout.matchAll(/--[a-z-]+/g)].map(String));
    const named = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(String);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((option) => !known.includes(option))).toEqual([]);
  });

  it('counts attempts as they are counted', () => {
    const rows = [...text.matchAll(/^\| \d+ +\| (passed|failed) +\| (\d) +\| (\w+) +\|$/gm)];
    expect(rows.length).toBeGreaterThan(5);
    let window: AttemptWindow<Counted> = NO_ATTEMPTS;
    for (const [, answer, failures, verdict] of rows) {
      window = addAttempt(window, { passed: answer === 'passed' }, { failures: 3, of: 5, successes: 1 });
      expect([countFailures(window.attempts), window.verdict]).toEqual([Number(failures), verdict]);
    }
  });
});

describe('the first heal of the README', () => {
  const undo: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  it('works as it is written', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const block = /## The first heal[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1];
    if (block === undefined) throw new Error('expected a block of commands under "The first heal"');
    const dataDir = mkdtempSync(join(tmpdir(), 'healdeck-readme-'));
    undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    await startEngine(dataDir);

    // The port of the example may be somebody's.
    const script = block
      .replaceAll('8080', String(await freePort()))
      .replaceAll('npx healdeck', 'node bin/healdeck.js');
    const env = { ...process.env, HEALDECK_DATA_DIR: dataDir };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env, timeout: 60_000 });
    expect(stdout).toContain('web started as pid');
    expect(stdout).toMatch(/crash_detected\s+web \(pid \d+\) crashed after .*: SIGKILL/);
    expect(stdout).toMatch(/restarted\s+web restarted as pid \d+/);
    expect(stdout).toContain('web: stopped');
  }, 90_000);

  async function startEngine(dataDir: string): Promise<void> {
    const args = ['bin/healdeck.js', 'run', '--headless', '--port', '0', '--data-dir', dataDir];
    const engine: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>((done) => engine.once('exit', () => done()));
    undo.push(() => {
      engine.kill('SIGTERM');
      return ended;
    });
    if (engine.stdout === null) throw new Error('expected a pipe');
    for await (const line of createInterface({ input: engine.stdout })) if (line.includes('is ready')) return;
    throw new Error('the engine ended before it was ready');
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
